import { expect, test } from "vitest";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { run } from "../../src/graph/run_alone";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { goldenConfig, goldenTensors, hasGolden, openGolden } from "../golden";
import { openTestGpu } from "../gpu";

const CONTAINERS = [
  "weights.pth",
  "weights_legacy.pth",
  "weights_gema.pth",
  "weights.safetensors",
  "model.onnx",
].filter((file) => hasGolden("bfr64", file));

test(`${CONTAINERS.join(", ")} of one model give one output`, async () => {
  expect(CONTAINERS.length).toBeGreaterThanOrEqual(4);
  const gpu = await openTestGpu();
  const config = goldenConfig("bfr64");
  const golden = await goldenTensors("bfr64");
  const program = await compile({ output: gpen(config, config.batch).output });
  const outputs: Float32Array[] = [];
  for (const file of CONTAINERS) {
    const read = await checkpointReader(await openGolden("bfr64", file), "gpen", config);
    const executable = await prepare(gpu, program, read);
    outputs.push((await run(executable, { input: golden.get("input")! })).output);
    executable.dispose();
  }
  // The containers hold the same bits; the ONNX export has scales folded in, rounded as we round them.
  outputs.forEach((output, i) => {
    expectClose(output, outputs[0], 1e-6, CONTAINERS[i]);
  });
});
