import { expect, test } from "vitest";
import { gpen } from "../../src/graph/gpen";
import { runReference } from "../../src/graph/reference";
import { joined } from "../../src/graph/taps";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { goldenConfig, goldenTensors, openGolden } from "../golden";

test("the references in a row, without a GPU, give PyTorch's picture and intermediates", async () => {
  const config = goldenConfig("bfr32");
  const golden = await goldenTensors("bfr32");
  const read = await checkpointReader(await openGolden("bfr32"), "gpen", config);
  const { output, taps } = gpen(config, config.batch);
  const inputs = { input: golden.get("input")! };
  const outputs = await runReference({ output, ...joined(taps) }, inputs, read);
  // 27 layers of f32 storage on both sides; single kernels agree to 2e-6.
  expectClose(outputs.output, golden.get("output")!, 1e-5, "output");
  const stored = [...golden.keys()].filter((key) => key.startsWith("tap."));
  expect(stored.length).toBeGreaterThan(10);
  for (const key of stored) expectClose(outputs[key.slice(4)], golden.get(key)!, 1e-5, key);
});
