import type { Rows } from "./kernel";

/** Input rows that output rows [first, end) of a transposed 3x3 convolution of stride 2 are made of. */
export function transposedRows([first, end]: Rows, h: number): Rows {
  return [Math.max(0, Math.floor(first / 2) - 1), Math.min(h, Math.floor((end - 1) / 2) + 1)];
}
