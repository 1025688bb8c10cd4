import type { Shape } from "../tensor";
import { type Band, type Dispatch, flat } from "./kernel";

/** The dispatch of a kernel that gives one thread to each pixel of each of `planes` quads. */
export function pixelwise(
  [, , , w]: Shape,
  planes: number,
  { n, count, row, rows, base }: Band,
  geometry: Readonly<Record<string, number>>,
): Dispatch {
  const threads = w * rows * planes * count;
  const bases = Object.entries(base).map(([name, first]) => [`${name}_base`, first]);
  return {
    params: {
      threads,
      n_first: n,
      row_first: row,
      rows,
      ...geometry,
      ...Object.fromEntries(bases),
    },
    workgroups: flat(threads),
  };
}
