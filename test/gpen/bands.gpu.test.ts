import { expect, test } from "vitest";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { run } from "../../src/graph/run_alone";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { goldenConfig, goldenTensors, openGolden } from "../golden";
import { openTestGpu } from "../gpu";

/** Below the full-size maps of pyramid128 (512 KiB), so that those are bound by rows. */
const KIB_256 = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 256 * 1024 };

test("pyramid128 bound 256 KiB at a time gives the very numbers of one binding each", async () => {
  const gpu = await openTestGpu();
  const config = goldenConfig("pyramid128");
  const golden = await goldenTensors("pyramid128");
  const read = await checkpointReader(await openGolden("pyramid128"), "gpen", config);
  const { output } = gpen(config, config.batch);
  const outputs: Float32Array[] = [];
  const stepCounts: number[] = [];
  for (const limits of [DEFAULT_LIMITS, KIB_256]) {
    const program = await compile({ output }, { limits });
    expect(program.memory.largestBindingBytes).toBeLessThanOrEqual(
      limits.maxStorageBufferBindingSize,
    );
    const executable = await prepare(gpu, program, read);
    outputs.push((await run(executable, { input: golden.get("input")! })).output);
    stepCounts.push(program.steps.length);
    executable.dispose();
  }
  expect(stepCounts[1]).toBeGreaterThan(stepCounts[0]);
  // Every number is summed in the same order, whichever band its row is in.
  expectClose(outputs[1], outputs[0], 0, "in bands");
});
