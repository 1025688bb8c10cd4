import type { Flatten } from "../kernels/flatten";
import type { Reference } from "./reference";

/** The plain twin of shaders/flatten.wgsl; its contract is that of kernels/flatten.ts. */
export const flattenReference: Reference<Flatten> = (_, { x }) => x.slice();
