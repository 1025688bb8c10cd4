import type { Pixels } from "../src/index";

/** Peak signal-to-noise ratio of two pictures over red, green and blue, in dB; NaN if sizes differ. */
export function psnr(a: Pixels, b: Pixels): number {
  if (a.data.length !== b.data.length) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += (a.data[i] - b.data[i]) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (a.data.length * 0.75)));
}
