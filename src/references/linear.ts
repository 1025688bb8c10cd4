import type { Linear } from "../kernels/linear";
import { scaledLeakyRelu } from "./activation";
import type { Reference } from "./reference";

/** The plain twin of shaders/linear.wgsl; its contract is that of kernels/linear.ts. */
export const linearReference: Reference<Linear> = (
  { x: [n, k], w: [m], activate },
  { x, w, b },
) => {
  const y = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < m; row++) {
      let sum = b[row];
      for (let j = 0; j < k; j++) sum += x[i * k + j] * w[row * k + j];
      y[i * m + row] = activate ? scaledLeakyRelu(sum) : sum;
    }
  }
  return y;
};
