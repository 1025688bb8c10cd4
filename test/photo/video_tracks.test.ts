import { expect, test } from "vitest";
import type { Face, Point } from "../../src/photo/face";
import { oneEuro } from "../../src/photo/video_filter";
import { faceTracks } from "../../src/photo/video_tracks";
import { gaussian } from "../../src/random";

const FPS = 30;
const WIDTH = 100;

function faceAt(x: number, y = 0): Face {
  const at = (dx: number, dy: number): Point => ({ x: x + dx, y: y + dy });
  return {
    box: { x, y, width: WIDTH, height: WIDTH },
    points: {
      leftEye: at(30, 40),
      rightEye: at(70, 40),
      nose: at(50, 60),
      mouthLeft: at(35, 80),
      mouthRight: at(65, 80),
    },
    score: 0.9,
  };
}

/** One face, its points moved by noise of 1 % of its width: what detectors give from frame to frame. */
function jittering(next: () => number, face: Face): Face {
  const moved = Object.entries(face.points).map(([name, { x, y }]) => [
    name,
    { x: x + next(), y: y + next() },
  ]);
  return { ...face, points: Object.fromEntries(moved) };
}

const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const steps = (values: readonly number[]) => values.slice(1).map((value, i) => value - values[i]);

test("the filter is the paper's: a step of 1 after 0.1 s, by hand", () => {
  const filter = oneEuro({ minCutoff: 1, beta: 0.5 });
  expect(filter(0, 0)).toBe(0);
  // alpha(1 Hz) = 1 / (1 + 1 / (2 pi 0.1)) = 0.38587; speed 10 * 0.38587; cutoff 1 + 0.5 * 3.8587
  expect(filter(1, 0.1)).toBeCloseTo(0.647957, 5);
  expect(filter(5, 0.1), "no time has passed").toBeCloseTo(0.647957, 5);
});

test("a still face's jitter from frame to frame is a sixth at most", () => {
  const next = gaussian(1);
  const tracks = faceTracks();
  const [raw, smooth]: [number[], number[]] = [[], []];
  for (let i = 0; i < 300; i++) {
    const found = jittering(next, faceAt(50));
    raw.push(found.points.leftEye.x);
    smooth.push(tracks.follow([found], i / FPS)[0].points.leftEye.x);
  }
  const settled = FPS; // the first second starts at one noisy frame
  const before = rms(steps(raw.slice(settled)));
  expect(before, "the noise was there").toBeGreaterThan(1);
  expect(rms(steps(smooth.slice(settled)))).toBeLessThan(before / 6);
  const mean = raw.reduce((sum, x) => sum + x, 0) / raw.length;
  expect(rms(smooth.slice(settled).map((x) => x - mean))).toBeLessThan(0.5);
});

test("a face that sets off at its own width a second is never more than 5 % of its width behind", () => {
  const tracks = faceTracks();
  let most = 0;
  for (let i = 0; i < 90; i++) {
    const x = Math.max(0, i - 30) * (WIDTH / FPS);
    const [face] = tracks.follow([faceAt(x)], i / FPS);
    most = Math.max(most, faceAt(x).points.nose.x - face.points.nose.x);
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(0.05 * WIDTH);
});

test("a face elsewhere, or after a reset, starts where it is", () => {
  const tracks = faceTracks();
  for (let i = 0; i < 10; i++) tracks.follow([faceAt(0)], i / FPS);
  const [, fresh] = tracks.follow([faceAt(200)], 10 / FPS);
  expect(fresh.points).toEqual(faceAt(200).points);
  tracks.reset();
  const faces = tracks.follow([faceAt(10)], 11 / FPS);
  expect(faces.map(({ points }) => points)).toEqual([faceAt(10).points]);
});

test("faces keep their order and their own filters when they come in another one", () => {
  const tracks = faceTracks();
  for (let i = 0; i < 20; i++) {
    const found = [faceAt(0), faceAt(300)];
    const faces = tracks.follow(i % 2 ? found.reverse() : found, i / FPS);
    expect(faces.map(({ points }) => points.nose.x)).toEqual([50, 350]);
  }
});

test("a face that is missed for a quarter of a second stays, then it goes", () => {
  const tracks = faceTracks();
  tracks.follow([faceAt(0)], 0);
  expect(tracks.follow([], 0.2)).toHaveLength(1);
  expect(tracks.follow([], 0.3)).toHaveLength(0);
});
