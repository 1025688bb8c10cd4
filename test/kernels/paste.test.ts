import { expect, test } from "vitest";
import { type Paste, paste } from "../../src/kernels/paste";
import { pasteReference } from "../../src/references/paste";
import { checkRefusals } from "./check_reference";

const SIDE = 20;
const COUNT = SIDE * SIDE;

/** A face of one colour over the whole picture, whose mask is an ellipse of these radii. */
function face(first: number, [cx, cy, rx, ry]: readonly number[], shown = 1): number[] {
  return [1, 0, 0, 0, 1, 0, SIDE, SIDE, first, cx, cy, 1 / rx, 1 / ry, shown, 0, 0];
}

/** Pastes faces of one colour each onto a grey photo; gives the pixel at (x, y). */
function pasted(
  faces: readonly number[][],
  colours: readonly number[][],
  { blend = [1, 0], photo = [100, 100, 100, 255] } = {},
) {
  const args: Paste = {
    x: [1, 4, SIDE, SIDE],
    pixels: [1, 4, 1, COUNT * faces.length],
    faces: [faces.length, 16],
    blend: [2],
  };
  const fill = (of: readonly (readonly number[])[]) =>
    Float32Array.from({ length: 4 * COUNT * of.length }, (_, i) => {
      const at = i % (COUNT * of.length);
      return of[Math.floor(at / COUNT)][Math.floor(i / (COUNT * of.length))] ?? 255;
    });
  const y = pasteReference(args, {
    x: fill([photo]),
    pixels: fill(colours),
    faces: Float32Array.from(faces.flat()),
    blend: Float32Array.from(blend),
  });
  return (px: number, py: number) => [0, 1, 2, 3].map((c) => y[c * COUNT + py * SIDE + px]);
}

const RED = [200, 0, 0];
const BLUE = [0, 0, 200];

test("paste: the face inside its mask, the photo beyond it, a mean between", () => {
  const at = pasted([face(0, [10, 10, 8, 8])], [RED]);
  expect(at(10, 10)).toEqual([200, 0, 0, 255]);
  expect(at(1, 10)).toEqual([100, 100, 100, 255]);
  // 6.8 of 8 is the middle of 0.7 to 1, where a smoothstep is a half; 7 of 8 is beyond
  const t = (7 / 8 - 0.7) / 0.3;
  expect(at(17, 10)[0]).toBe(Math.round(100 + 100 * (1 - t * t * (3 - 2 * t))));
});

test("paste: where faces overlap the larger mask counts, and at equal ones the earlier face", () => {
  const [left, right] = [face(0, [7, 10, 6, 6]), face(COUNT, [13, 10, 6, 6])];
  const at = pasted([left, right], [RED, BLUE]);
  expect([at(6, 10), at(14, 10)]).toEqual([
    [200, 0, 0, 255],
    [0, 0, 200, 255],
  ]);
  expect(at(10, 10)[0]).toBeGreaterThan(100); // as far from both
  expect(at(10, 10)[2]).toBeLessThan(101);
  const same = pasted([face(0, [9, 9, 8, 8]), face(COUNT, [9, 9, 8, 8])], [RED, BLUE]);
  expect(same(9, 9)).toEqual([200, 0, 0, 255]);
  const hidden = pasted([face(0, [9, 9, 8, 8], 0), face(COUNT, [9, 9, 8, 8])], [RED, BLUE]);
  expect(hidden(9, 9)).toEqual([0, 0, 200, 255]);
});

test("paste: strength mixes with the photo; kept colour moves all three by the luminance", () => {
  const half = pasted([face(0, [10, 10, 8, 8])], [RED], { blend: [0.25, 0] });
  expect(half(10, 10)).toEqual([125, 75, 75, 255]);
  const photo = [90, 60, 40, 255];
  const kept = pasted([face(0, [10, 10, 8, 8])], [[120, 130, 140]], { blend: [1, 1], photo });
  const shift = 0.299 * 30 + 0.587 * 70 + 0.114 * 100;
  expect(kept(10, 10)).toEqual([90, 60, 40].map((v) => Math.round(v + shift)).concat(255));
});

test("paste: alpha stays, and weighs the face", () => {
  const at = (alpha: number) =>
    pasted([face(0, [10, 10, 8, 8])], [RED], { photo: [100, 100, 100, alpha] })(10, 10);
  expect([at(0), at(51)]).toEqual([
    [100, 100, 100, 0],
    [120, 80, 80, 51],
  ]);
});

const right: Paste = { x: [1, 4, 8, 8], pixels: [1, 4, 1, 9], faces: [1, 16], blend: [2] };

checkRefusals(paste, [
  [
    { ...right, x: [2, 4, 8, 8] },
    "paste: x (2, 4, 8, 8) must be (1, 4, h, w), the pixels of one picture",
  ],
  [
    { ...right, pixels: [1, 4, 3, 3] },
    "paste: pixels (1, 4, 3, 3) must be (1, 4, 1, p) and faces (1, 16) (m, 16)",
  ],
  [
    { ...right, faces: [1, 8] },
    "paste: pixels (1, 4, 1, 9) must be (1, 4, 1, p) and faces (1, 8) (m, 16)",
  ],
  [{ ...right, blend: [1] }, "paste: blend (1) must be (2)"],
]);
