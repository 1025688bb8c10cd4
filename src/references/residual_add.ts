import type { ResidualAdd } from "../kernels/residual_add";
import type { Reference } from "./reference";

/** The plain twin of shaders/residual_add.wgsl; its contract is that of kernels/residual_add.ts. */
export const residualAddReference: Reference<ResidualAdd> = (_, { a, b }) =>
  a.map((v, i) => (v + b[i]) / Math.SQRT2);
