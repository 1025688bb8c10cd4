import { quads } from "../../src/kernels/kernel";
import type { Shape } from "../../src/tensor";

/**
 * Arguments of a modulated 3x3 layer that is neither the first nor the last in the vectors of styles
 * and demodulation factors. `samples` is 1 where x is the prior's constant.
 */
export function modulatedArgs(
  n: number,
  cX: number,
  cE: number,
  cOut: number,
  h: number,
  w: number,
  samples = n,
) {
  const styles = 4 * (quads(cX) + quads(cE));
  const half: { e?: Shape; e_activation?: Shape } = cE
    ? { e: [n, cE, h, w], e_activation: [4 + cE] }
    : {};
  return {
    x: [samples, cX, h, w],
    ...half,
    w: [cOut, cX + cE, 3, 3],
    s: [n, 8 + styles + 4],
    sFirst: 8,
    d: [n, 4 + 4 * quads(cOut) + 4],
    dFirst: 4,
  };
}
