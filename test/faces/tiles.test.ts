import { expect, test } from "vitest";
import { type Candidate, distinct, overlap } from "../../src/faces/candidates";
import { fivePoints } from "../../src/faces/five_points";
import { NARROWEST, tilesOf } from "../../src/faces/tiles";

test("every face from minSize to the whole photo lies in a tile, wide enough and not too wide", () => {
  for (const [width, height, minSize] of [
    [4000, 3000, 32],
    [640, 480, 32],
    [892, 300, 32],
    [1336, 300, 32], // as wide as two tiles that overlap by 16 px: three that do by more
    [100, 1000, 50],
    [37, 29, 20],
  ]) {
    const tiles = tilesOf(width, height, minSize, 384);
    for (const { width, height } of tiles) {
      expect([width % 16, height % 16, Math.max(width, height) <= 384]).toEqual([0, 0, true]);
    }
    for (let size = minSize; size <= Math.min(width, height); size *= 1.3) {
      let unseen: string | undefined;
      for (let i = 0; i < 150 * 150 && !unseen; i++) {
        const [u, v] = [(i % 150) / 149, Math.floor(i / 150) / 149];
        const [x, y] = [u * (width - size), v * (height - size)];
        const seen = tiles.some(({ transform: [scale, , left, , , top], ...tile }) => {
          const within = (at: number, first: number, side: number) =>
            (at - first) / scale >= -0.6 && (at + size - first) / scale <= side + 0.6;
          const wide = size / scale;
          return (
            within(x, left, tile.width) &&
            within(y, top, tile.height) &&
            wide > NARROWEST - 0.01 &&
            wide <= 100
          );
        });
        if (!seen) unseen = `${size} px at ${x}, ${y} of ${width} x ${height}`;
      }
      expect(unseen).toBeUndefined();
    }
  }
});

test("tiles are few, and show little twice", () => {
  const area = (width: number, height: number, minSize: number, longest: number) => {
    const tiles = tilesOf(width, height, minSize, longest);
    const shown = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
    // a level, and a third for the smaller ones
    const least = (4 / 3) * width * height * (18 / minSize) ** 2;
    return { count: tiles.length, rate: shown / least };
  };
  const large = area(4000, 3000, 32, 512);
  expect(large.count).toBeLessThan(40);
  expect(large.rate).toBeLessThan(1.4);
  expect(area(4000, 3000, 80, 512).count).toBeLessThan(12);
  expect(area(512, 512, 32, 384)).toEqual({ count: 3, rate: expect.closeTo(1.07, 1) });
  expect(tilesOf(1, 1, 32, 512).length).toBe(1);
});

const at = (x: number, y: number, size: number, score: number): Candidate => ({
  x,
  y,
  size,
  score,
  points: [x - 2, y, x + 2, y, x, y + 2, x, y + 4],
});

test("candidates that overlap are one, the mean of them by their scores", () => {
  const found = distinct([at(10, 10, 10, 0.5), at(11, 10, 10, 1), at(30, 10, 10, 0.7)], 0.3);
  expect(found.map(({ score }) => score)).toEqual([1, 0.7]);
  expect(found[0].x).toBeCloseTo((0.5 * 10 + 11) / 1.5);
  expect(found[0].points[0]).toBeCloseTo(found[0].x - 2);
  expect(overlap(at(0, 0, 10, 1), at(5, 0, 10, 1))).toBeCloseTo(1 / 3);
  expect(overlap(at(0, 0, 10, 1), at(20, 0, 10, 1))).toBe(0);
});

test("landmarks whose eyes are elsewhere give way to BlazeFace's points", () => {
  const seen = at(50, 50, 20, 1);
  const [leftEye, rightEye] = [
    { x: 48.2, y: 50 },
    { x: 52, y: 50.3 },
  ];
  const rest = {
    nose: { x: 50, y: 52 },
    mouthLeft: { x: 48, y: 54 },
    mouthRight: { x: 52, y: 54 },
  };
  expect(fivePoints(seen, { leftEye, rightEye, ...rest })).toEqual({ leftEye, rightEye, ...rest });
  const far = fivePoints(seen, { leftEye: { x: 46, y: 50 }, rightEye, ...rest });
  expect(far.leftEye).toEqual({ x: 48, y: 50 });
  expect(far.mouthLeft.x).toBeCloseTo(50 - 0.445 * 4);
  expect(far.mouthRight.x).toBeCloseTo(50 + 0.445 * 4);
  expect(far.mouthLeft.y).toBeCloseTo(54 - 0.06 * 4);
});
