import { paste } from "../../src/kernels/paste";
import { checkKernel } from "./check_kernel";

const level = (_: number, random: () => number) =>
  Math.max(0, Math.min(255, Math.round(128 + 60 * random())));

const onto = (h: number, w: number, pixels: number, faces: number) => ({
  x: [1, 4, h, w],
  pixels: [1, 4, 1, pixels],
  faces: [faces, 16],
  blend: [2],
});

/** A row of the table: transform, size, first pixel, ellipse, shown. */
const face = (
  transform: readonly number[],
  [w, h]: readonly number[],
  first: number,
  [cx, cy, rx, ry]: readonly number[],
  shown = 1,
) => [...transform, w, h, first, cx, cy, 1 / rx, 1 / ry, shown, 0, 0];

const enlarged = face([0.6, 0.1, -2.2, -0.1, 0.6, 1.3], [16, 14], 0, [7.5, 6.5, 7, 6]);
const shrunk = face([1.9, -0.3, -11, 0.3, 1.9, -20], [40, 30], 224, [20, 15, 15, 14]);

checkKernel(paste, {
  // One level of 255: a value within rounding of x.5 may fall to either side of it.
  tolerance: 1 / 250,
  fill: { x: level, pixels: level },
  cases: [
    {
      why: "two that overlap, enlarged and shrunk",
      args: onto(33, 29, 224 + 1200, 2),
      values: { faces: [...enlarged, ...shrunk], blend: [1, 0] },
    },
    {
      why: "the photo's colour, half strength",
      args: onto(20, 24, 224, 1),
      values: { faces: enlarged, blend: [0.5, 1] },
    },
    {
      why: "one not shown, beyond the edge of the picture",
      args: onto(12, 40, 224 + 1200, 2),
      values: {
        faces: [...enlarged.slice(0, 13), 0, 0, 0, ...shrunk],
        blend: [0.8, 0],
      },
    },
    {
      why: "shrunk more than there are samples for",
      args: onto(9, 9, 6400, 1),
      values: {
        faces: face([9, 0, 3, 0, 9, 3], [80, 80], 0, [40, 40, 30, 36]),
        blend: [1, 0],
      },
    },
  ],
  bands: [
    {
      why: "two that overlap",
      args: onto(33, 29, 224 + 400, 2),
      values: {
        faces: [...enlarged, ...face(shrunk.slice(0, 6), [20, 20], 224, [10, 10, 9, 9])],
        blend: [1, 1],
      },
      bindingBytes: 2560,
    },
  ],
});
