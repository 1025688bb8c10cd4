import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { chooseFor } from "../../src/lowering/techniques";
import { openTestGpu } from "../gpu";
import { expectSample } from "./expect_sample";
import { prepareFullSize, runFullSize } from "./full_size";

// Minutes each on a software adapter: `npm run test:full` runs them.

test.each([
  { how: "as described", features: [] },
  { how: "as the adapter runs it", features: ["subgroups"] },
] as const)("GPEN-512 at full size, $how, gives PyTorch's numbers", async ({ how, features }) => {
  const gpu = await openTestGpu({ features });
  const choose = features.length > 0 ? chooseFor(gpu) : undefined;
  const executable = await prepareFullSize(gpu, "gpen512", { choose });
  const start = performance.now();
  await expectSample("gpen512", await runFullSize(executable, "gpen512"));
  report(`GPEN-512 ${how}`, executable.program.memory.peakBytes, start);
  // 513 x 513 x 64 channels x 4 bytes: the transposed convolution's map, without a concatenation.
  expect(executable.program.memory.largestBytes).toBeLessThanOrEqual(67.4e6);
  executable.dispose();
});

test("GPEN-1024 gives the same numbers at the default limits and bound 48 MiB at a time", async () => {
  const gpu = await openTestGpu();
  const outputs: Float32Array[] = [];
  const steps: number[] = [];
  for (const maxStorageBufferBindingSize of [
    DEFAULT_LIMITS.maxStorageBufferBindingSize,
    48 * 2 ** 20,
  ]) {
    const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize };
    const executable = await prepareFullSize(gpu, "gpen1024", { limits });
    const start = performance.now();
    outputs.push(await runFullSize(executable, "gpen1024"));
    report("GPEN-1024", executable.program.memory.peakBytes, start);
    steps.push(executable.program.steps.length);
    executable.dispose();
  }
  expect(steps[1]).toBeGreaterThan(steps[0]);
  expect(outputs[0].every(Number.isFinite)).toBe(true);
  expect(Buffer.compare(Buffer.from(outputs[1].buffer), Buffer.from(outputs[0].buffer))).toBe(0);
});

function report(name: string, peakBytes: number, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${(peakBytes / 1e6).toFixed(0)} MB of activations, ${seconds} s`);
}
