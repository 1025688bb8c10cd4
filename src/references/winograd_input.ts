import { INPUT, POSITIONS, TILE } from "../kernels/winograd";
import { type WinogradInput, winogradInput } from "../kernels/winograd_input";
import { numel } from "../tensor";
import type { Reference } from "./reference";

/** The plain twin of shaders/winograd_input.wgsl; its contract is that of kernels/winograd_input.ts. */
export const winogradInputReference: Reference<WinogradInput> = (args, { x }) => {
  const shape = winogradInput.outputShape(args);
  const [n, width, rows, columns] = shape;
  const [, cIn, h, w] = args.x;
  const y = new Float32Array(numel(shape));
  for (let i = 0; i < rows * columns; i++) {
    const [ty, tx] = [Math.floor(i / columns), i % columns];
    for (let plane = 0; plane < n * cIn; plane++) {
      const [sample, c] = [Math.floor(plane / cIn), plane % cIn];
      const at = (r: number, k: number) => {
        const [iy, ix] = [TILE * ty + r - 1, TILE * tx + k - 1];
        return iy < 0 || iy >= h || ix < 0 || ix >= w ? 0 : x[(plane * h + iy) * w + ix];
      };
      for (let p = 0; p < POSITIONS; p++) {
        const [rowOf, columnOf] = [INPUT[Math.floor(p / 6)], INPUT[p % 6]];
        let sum = 0;
        for (let r = 0; r < 6; r++)
          for (let k = 0; k < 6; k++)
            if (rowOf[r] * columnOf[k]) sum += rowOf[r] * columnOf[k] * at(r, k);
        const channel = sample * width + (p * width) / POSITIONS + c;
        y[(channel * rows + ty) * columns + tx] = sum;
      }
    }
  }
  return y;
};
