import { describe, expect, test } from "vitest";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { discriminator } from "../../src/graph/discriminator";
import { gpen } from "../../src/graph/gpen";
import type { Choose } from "../../src/graph/lower";
import type { Node, ReadParameter } from "../../src/graph/node";
import { run } from "../../src/graph/run_alone";
import { sampler } from "../../src/graph/sampler";
import { joined } from "../../src/graph/taps";
import { chooseFor } from "../../src/lowering/techniques";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { GOLDEN, goldenConfig, goldenKeys, goldenTensors, hasGolden, openGolden } from "../golden";
import { openTestGpu } from "../gpu";

// f32 sums of up to 9 x 1024 products, in another order than PyTorch's, over some 30 layers.
const TOLERANCE = 1e-4;

/** Both lowerings of one description: by the readable kernels, and as this adapter runs it. */
const LOWERINGS = [
  { how: "as described", features: [] },
  { how: "as the adapter runs it", features: ["subgroups"] },
] as const;

const CASES = GOLDEN.flatMap((name) => LOWERINGS.map((lowering) => ({ name, ...lowering })));

describe.each(CASES)("$name on the GPU, $how, gives PyTorch's numbers", ({ name, features }) => {
  const keys = goldenKeys(name);
  const openGpu = async () => {
    const gpu = await openTestGpu({ features });
    return { gpu, choose: features.length > 0 ? chooseFor(gpu) : undefined };
  };

  test("restoration, with every intermediate", async () => {
    const { gpu, choose } = await openGpu();
    const config = goldenConfig(name);
    const golden = await goldenTensors(name);
    const { output, taps } = gpen(config, config.batch);
    const read = await checkpointReader(await openGolden(name), "gpen", config);
    const outputs = await evaluate(gpu, { output, ...joined(taps) }, read, golden, choose);
    expectClose(outputs.output, golden.get("output")!, TOLERANCE, "output");
    const stored = [...golden.keys()].filter((key) => key.startsWith("tap."));
    for (const key of stored) expectClose(outputs[key.slice(4)], golden.get(key)!, TOLERANCE, key);
  });

  const hasPrior = keys.includes("prior.output");
  if (hasPrior)
    test("the prior alone: sampled, truncated, mixed", async () => {
      const { gpu, choose } = await openGpu();
      const config = goldenConfig(name);
      const golden = await goldenTensors(name);
      const read = await checkpointReader(await openGolden(name), "gpen", config);
      const { output } = sampler(config, config.batch);
      const executable = await prepare(gpu, await compile({ output }, { choose }), read);
      const cases = [
        { key: "prior.output", mix: [1, 1000] },
        { key: "prior.truncated_0.7.output", mix: [0.7, 1000] },
        { key: "prior.mixed_at_3.output", mix: [1, 3] },
      ];
      for (const { key, mix } of cases) {
        const inputs = { ...Object.fromEntries(golden), "prior.mix_by": Float32Array.from(mix) };
        const { output } = await run(executable, inputs);
        expectClose(output, golden.get(key)!, TOLERANCE, key);
      }
      executable.dispose();
    });

  if (hasGolden(name, "discriminator.safetensors"))
    test("the discriminator, with its features", async () => {
      const { gpu, choose } = await openGpu();
      const config = goldenConfig(name);
      const golden = await goldenTensors(name);
      const { logits, features } = discriminator(config, config.batch);
      const read = await checkpointReader(
        await openGolden(name, "discriminator.safetensors"),
        "discriminator",
        config,
      );
      const named = Object.fromEntries(features.map((feature, i) => [`disc.feat.${i}`, feature]));
      const inputs = new Map([["input", golden.get("output")!]]);
      const outputs = await evaluate(
        gpu,
        { "disc.logits": logits, ...named },
        read,
        inputs,
        choose,
      );
      for (const key of ["disc.logits", ...Object.keys(named)]) {
        if (golden.has(key)) expectClose(outputs[key], golden.get(key)!, TOLERANCE, key);
      }
    });
});

test("one weight changed by a hundredth of the largest is found", async () => {
  const gpu = await openTestGpu();
  const [name] = GOLDEN;
  const config = goldenConfig(name);
  const golden = await goldenTensors(name);
  const read = await checkpointReader(await openGolden(name), "gpen", config);
  const perturbed: ReadParameter = async (key, shape) => {
    const values = (await read(key, shape)).slice();
    if (key === "ecd1.0.1.weight") values[5] += 1e-2 * Math.max(...values);
    return values;
  };
  const { output } = gpen(config, config.batch);
  const outputs = await evaluate(gpu, { output }, perturbed, golden);
  expect(() => expectClose(outputs.output, golden.get("output")!, TOLERANCE, "output")).toThrow(
    "differs most",
  );
});

async function evaluate(
  gpu: Awaited<ReturnType<typeof openTestGpu>>,
  nodes: Record<string, Node>,
  read: ReadParameter,
  inputs: ReadonlyMap<string, Float32Array>,
  choose?: Choose,
) {
  const executable = await prepare(gpu, await compile(nodes, { choose }), read);
  const outputs = await run(executable, Object.fromEntries(inputs));
  executable.dispose();
  return outputs;
}
