import type { Rgba8ToPlanes } from "../kernels/rgba8_to_planes";
import { luminance } from "./luminance";
import type { Reference } from "./reference";

/** The plain twin of shaders/rgba8_to_planes.wgsl; its contract is that of kernels/rgba8_to_planes.ts. */
export const rgba8ToPlanesReference: Reference<Rgba8ToPlanes> = (
  { x: [n, , h, w], normalise, grey },
  { x },
) => {
  const y = new Float32Array(n * 3 * h * w);
  for (let i = 0; i < n * h * w; i++) {
    const sample = Math.floor(i / (h * w));
    const from = sample * 4 * h * w + (i % (h * w));
    const rgb = [0, 1, 2].map((c) => x[from + c * h * w] / 255);
    for (let c = 0; c < 3; c++) {
      const v = grey ? luminance(rgb) : rgb[c];
      y[(sample * 3 + c) * h * w + (i % (h * w))] = normalise ? 2 * v - 1 : v;
    }
  }
  return y;
};
