import type { AnyKernel } from "../../src/kernels/kernel";

const modules = import.meta.glob("../../src/kernels/*.ts", { eager: true });

/** Every kernel that a file of src/kernels exports, by that file's basename. */
export const KERNELS: ReadonlyMap<string, AnyKernel> = new Map(
  Object.entries(modules).flatMap(([path, module]) => {
    const basename = path.replace(/^.*\/|\.ts$/g, "");
    const exported = Object.values(module as Record<string, unknown>).filter(isKernel);
    return exported.map((kernel) => [basename, kernel] as const);
  }),
);

function isKernel(value: unknown): value is AnyKernel {
  return typeof value === "object" && value !== null && "wgsl" in value && "bindings" in value;
}
