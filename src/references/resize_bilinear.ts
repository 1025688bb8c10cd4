import { position, type ResizeBilinear, resizeBilinear } from "../kernels/resize_bilinear";
import type { Reference } from "./reference";

/** The plain twin of shaders/resize_bilinear.wgsl; its contract is that of kernels/resize_bilinear.ts. */
export const resizeBilinearReference: Reference<ResizeBilinear> = (args, { x }) => {
  const [n, c, h, w] = resizeBilinear.outputShape(args);
  const [, , hIn, wIn] = args.x;
  const y = new Float32Array(n * c * h * w);
  for (let i = 0; i < y.length; i++) {
    const sx = position(i % w, wIn, w);
    const sy = position(Math.floor(i / w) % h, hIn, h);
    const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
    const [x1, y1] = [Math.min(x0 + 1, wIn - 1), Math.min(y0 + 1, hIn - 1)];
    const at = (iy: number, ix: number) => x[(Math.floor(i / (h * w)) * hIn + iy) * wIn + ix];
    const above = at(y0, x0) + (sx - x0) * (at(y0, x1) - at(y0, x0));
    const below = at(y1, x0) + (sx - x0) * (at(y1, x1) - at(y1, x0));
    y[i] = above + (sy - y0) * (below - above);
  }
  return y;
};
