import { expect, test } from "vitest";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import type { Choose } from "../../src/graph/lower";
import { run } from "../../src/graph/run_alone";
import { tile } from "../../src/lowering/tile";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { goldenConfig, goldenTensors, openGolden } from "../golden";
import { openTestGpu } from "../gpu";

const MODEL = "bfr64";

test(`${MODEL} in tiles gives the readable kernels' numbers`, async () => {
  const gpu = await openTestGpu();
  const config = goldenConfig(MODEL);
  const inputs = Object.fromEntries(await goldenTensors(MODEL));
  const { output } = gpen(config, config.batch);
  const evaluate = async (choose?: Choose) => {
    const program = await compile({ output }, { choose });
    const read = await checkpointReader(await openGolden(MODEL), "gpen", config);
    const executable = await prepare(gpu, program, read);
    const { output: picture } = await run(executable, inputs);
    executable.dispose();
    return { picture, kernels: program.steps.map(({ kernel }) => kernel.name) };
  };
  const tiles = tile();
  const fast = await evaluate((node) => (tiles.suits(node) ? tiles : undefined));
  // Two convolutions per resolution from 8 to 64, conv1, the encoder's four of stride 2, and ecd0 twice.
  expect(fast.kernels.filter((name) => name === "conv_tile").length).toBe(2 * 4 + 1 + 4 + 2);
  expect(fast.kernels.filter((name) => name.startsWith("modulated")).length).toBe(0);
  // Some 20 layers of f32 sums in another order.
  expectClose(fast.picture, (await evaluate()).picture, 1e-5, "picture");
});
