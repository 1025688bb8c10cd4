import { position, type Rgba8ToPlanes, rgba8ToPlanes } from "../kernels/rgba8_to_planes";
import { luminance } from "./luminance";
import type { Reference } from "./reference";

/** The plain twin of shaders/rgba8_to_planes.wgsl; its contract is that of kernels/rgba8_to_planes.ts. */
export const rgba8ToPlanesReference: Reference<Rgba8ToPlanes> = (args, { x }) => {
  const [n, , h, w] = rgba8ToPlanes.outputShape(args);
  const [, , hIn, wIn] = args.x;
  const y = new Float32Array(n * 3 * h * w);
  for (let i = 0; i < n * h * w; i++) {
    const sample = Math.floor(i / (h * w));
    const sx = position(i % w, wIn, w);
    const sy = position(Math.floor(i / w) % h, hIn, h);
    const rgb = [0, 1, 2].map((c) => {
      const plane = x.subarray((sample * 4 + c) * hIn * wIn, (sample * 4 + c + 1) * hIn * wIn);
      return bilinear(plane, hIn, wIn, sy, sx) / 255;
    });
    for (let c = 0; c < 3; c++) {
      const v = args.grey ? luminance(rgb) : rgb[c];
      y[(sample * 3 + c) * h * w + (i % (h * w))] = args.normalise ? 2 * v - 1 : v;
    }
  }
  return y;
};

function bilinear(plane: Float32Array, h: number, w: number, sy: number, sx: number): number {
  const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
  const [x1, y1] = [Math.min(x0 + 1, w - 1), Math.min(y0 + 1, h - 1)];
  const row = (y: number) =>
    plane[y * w + x0] + (sx - x0) * (plane[y * w + x1] - plane[y * w + x0]);
  return row(y0) + (sy - y0) * (row(y1) - row(y0));
}
