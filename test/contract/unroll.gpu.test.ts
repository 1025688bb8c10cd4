import { expect, test } from "vitest";
import { minifierFor } from "../../build/minify_wgsl";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { run } from "../../src/graph/run_alone";
import { convTile } from "../../src/kernels/conv_tile";
import { conv2d } from "../../src/kernels/conv2d";
import { fir } from "../../src/kernels/fir";
import { type AnyKernel, wgslOf } from "../../src/kernels/kernel";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { gaussian } from "../../src/random";
import { numel } from "../../src/tensor";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";
import { callNode } from "../kernels/call_node";
import { modulatedArgs } from "../kernels/modulated_args";

const tile = { columns: 8, runs: 1, run: 8, quads: 1 };

const CASES: readonly (readonly [AnyKernel, object])[] = [
  [conv2d, { x: [1, 4, 9, 11], w: [5, 4, 3, 3], b: [5], stride: 2, pad: 0, activate: true }],
  [fir, { x: [1, 5, 6, 7], b: [5], pad: { before: 1, after: 1 }, stride: 1, gain: 4 }],
  [modulatedUpconv3x3, modulatedArgs(1, 4, 4, 8, 3, 5)],
  [convTile, { ...modulatedArgs(1, 4, 4, 8, 6, 5), stride: 1, pad: 1, transposed: false, tile }],
];

test("a stored shader, the same with its loops expanded and as it ships compute the same", async () => {
  const gpu = await openTestGpu();
  for (const [kernel, args] of CASES) {
    const wgsl = await wgslOf(kernel);
    expect(wgsl, kernel.name).toContain("// unroll");
    // The name tells pipelines apart.
    const variant = (name: string, wgsl: string) =>
      callNode({ ...kernel, name: `${kernel.name} ${name}`, wgsl }, "y", args);
    const expanded = callNode(kernel, "y", args);
    const stored = variant("as stored", wgsl.replaceAll(" // unroll", ""));
    const shipped = variant("as shipped", minifierFor([wgsl])(wgsl));
    const random = gaussian(1);
    const values = Object.fromEntries(
      Object.entries(expanded.inputs).map(([name, { shape }]) => [
        name,
        Float32Array.from({ length: numel(shape) }, random),
      ]),
    );
    const outputs = [];
    for (const y of [expanded, stored, shipped]) {
      const executable = await prepare(gpu, await compile({ y }), async () => new Float32Array());
      outputs.push((await run(executable, values)).y);
      executable.dispose();
    }
    // Not bit for bit: compilers may contract a product and a sum in one form and not in the other.
    expectClose(outputs[0], outputs[1], 1e-6, kernel.name);
    expectClose(outputs[2], outputs[0], 1e-6, kernel.name);
  }
});
