import type { StyleNormalise } from "../kernels/style_normalise";
import type { Reference } from "./reference";

/** The plain twin of shaders/style_normalise.wgsl; its contract is that of kernels/style_normalise.ts. */
export const styleNormaliseReference: Reference<StyleNormalise> = (
  { s: [n, m], layers: [l] },
  { s, layers },
) => {
  const y = new Float32Array(n * (m + l));
  for (let i = 0; i < n; i++) {
    for (let layer = 0; layer < l; layer++) {
      const [first, count, normalise] = layers.subarray(4 * layer, 4 * layer + 3);
      const styles = s.subarray(i * m + 4 * first, i * m + 4 * (first + count));
      const largest = styles.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      const magnitude = normalise && largest > 0 ? largest : 1;
      y.set(
        styles.map((v) => v / magnitude),
        i * (m + l) + 4 * first,
      );
      y[i * (m + l) + m + layer] = magnitude;
    }
  }
  return y;
};
