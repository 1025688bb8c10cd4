import { warp } from "../../src/kernels/warp";
import { checkKernel } from "./check_kernel";

const level = (_: number, random: () => number) =>
  Math.max(0, Math.min(255, Math.round(128 + 60 * random())));

const through = (h: number, w: number, n: number, outside: "mirror" | number, size: number) => ({
  x: [1, 4, h, w],
  transforms: [n, 6],
  size: { h: size, w: size + 3 },
  outside,
});

checkKernel(warp, {
  // One level of 255: a value within rounding of x.5 may fall to either side of it.
  tolerance: 1 / 250,
  fill: { x: level },
  cases: [
    {
      why: "the same pixels",
      args: through(9, 12, 1, 0, 9),
      values: { transforms: [1, 0, 0, 0, 1, 0] },
    },
    {
      why: "turned and enlarged, beyond all four edges, mirrored; three transforms",
      args: through(17, 13, 3, "mirror", 20),
      values: {
        transforms: [
          ...[0.5, 0.2, -5.25, -0.2, 0.5, 4.5],
          ...[1.5, -0.7, -3.1, 0.7, 1.5, -9.3],
          ...[-0.9, 0.1, 11.7, -0.1, -0.9, 14.9],
        ],
      },
    },
    {
      why: "shrunk 3.6 times, beyond the edges, grey around",
      args: through(40, 33, 1, 128, 12),
      values: { transforms: [3.4, 1.2, -6.6, -1.2, 3.4, 7.1] },
    },
    {
      why: "shrunk more than there are samples for",
      args: through(90, 90, 1, 0, 2),
      values: { transforms: [40, 0, 20, 0, 40, 20] },
    },
    {
      why: "one pixel, mirrored",
      args: through(1, 1, 1, "mirror", 3),
      values: { transforms: [0.7, 0, -1, 0, 0.7, -1] },
    },
  ],
});
