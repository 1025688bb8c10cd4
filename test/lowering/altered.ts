import { expect } from "vitest";
import wgsl from "../../shaders/conv2d.wgsl?raw";
import { call, type Technique } from "../../src/graph/lower";
import { type Conv2d, conv2d } from "../../src/kernels/conv2d";
import type { AnyKernel } from "../../src/kernels/kernel";

/** conv2d with its shader changed and its reference left as it is. */
export function altered(name: string, from: string, to: string): AnyKernel {
  expect(wgsl).toContain(from);
  return { ...conv2d, name, wgsl: wgsl.replace(from, to) };
}

/** Right, but with everything computed `times` times over by as many threads. */
export function slowed(name: string, times: number): AnyKernel {
  const kernel = altered(name, "group.z + params.n_first", `group.z / ${times}u + params.n_first`);
  const plan: AnyKernel["plan"] = (args, band) => {
    const dispatch = kernel.plan(args, band);
    const [x, y, z] = dispatch.workgroups;
    return { ...dispatch, workgroups: [x, y, times * z] };
  };
  return { ...kernel, plan };
}

/** A row of taps left out: faster by a third, and wrong. */
export const FASTER_AND_WRONG = ["ky < K; ky++", "ky < K - 1u; ky++"] as const;

/** Computes every convolution by `kernel`. */
export function technique(kernel: AnyKernel, name = kernel.name): Technique {
  return {
    name,
    suits: (node) => node.kernel.name.startsWith("conv2d"),
    replace: (node, inputs) => call(kernel, node.name, inputs, attributesOf(node.args as Conv2d)),
  };
}

function attributesOf({ stride, pad, activate }: Conv2d): object {
  return { stride, pad, activate };
}
