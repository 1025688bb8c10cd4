import type { AnyKernel, Kernel } from "../../src/kernels/kernel";

/** One call of a kernel as GPEN makes it: the shapes of its inputs, and its attributes. */
export interface BenchCase {
  readonly kernel: AnyKernel;
  readonly why: string;
  readonly args: object;
}

/** A case whose arguments are checked against the kernel's own. */
export function row<Args extends object>(kernel: Kernel<Args>, why: string, args: Args): BenchCase {
  return { kernel, why, args };
}
