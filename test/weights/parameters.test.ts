import { expect, test } from "vitest";
import { discriminator } from "../../src/graph/discriminator";
import { gpen } from "../../src/graph/gpen";
import { type Node, ordered, type ReadParameter } from "../../src/graph/node";
import { sampler } from "../../src/graph/sampler";
import { wholeWeight } from "../../src/graph/whole_weight";
import { numel } from "../../src/tensor";
import type { GpenConfig } from "../../src/weights/config";
import { statedConfig } from "../../src/weights/open_network";
import { equalisation } from "../../src/weights/parameter_reader";
import { type ModelKind, parameters } from "../../src/weights/parameters";
import { randomCheckpoint } from "../../src/weights/random";

const SMALL: GpenConfig = {
  ...{ inSize: 32, outSize: 32, styleDim: 6, nMlp: 2 },
  ...{ channelMultiplier: 2, narrow: 5 / 512, noise: "concat", normalise: true },
};

const CONFIGS: readonly GpenConfig[] = [
  SMALL,
  { ...SMALL, inSize: 16, outSize: 128, channelMultiplier: 1, nMlp: 1 },
  { ...SMALL, inSize: 64, outSize: 64, narrow: 1 / 512 },
  { ...SMALL, noise: "add" },
  { ...SMALL, noise: "none" },
];

/** Every parameter that loading these networks reads, with the sizes it must have that are not 1. */
async function reads(outputs: readonly Node[]): Promise<Map<string, readonly number[]>> {
  const asked = new Map<string, readonly number[]>();
  const read: ReadParameter = async (name, shape) => {
    const sizes = shape.filter((size) => size !== 1);
    expect(asked.get(name) ?? sizes, name).toEqual(sizes);
    asked.set(name, sizes);
    return new Float32Array(numel(shape));
  };
  for (const node of ordered(outputs)) if (node.kind === "weight") await wholeWeight(node, read);
  return asked;
}

function listed(kind: ModelKind, config: GpenConfig): Map<string, readonly number[]> {
  // Without noise, its weights lie in the file and nothing asks for them.
  const unread = config.noise === "none" ? ["fir", "noise"] : ["fir"];
  return new Map(
    parameters(kind, config)
      .filter(({ role }) => !unread.includes(role))
      .map(({ key, shape }) => [key, shape.filter((size) => size !== 1)]),
  );
}

test("what is listed is what the networks read, in that shape", async () => {
  for (const config of CONFIGS) {
    expect(await reads([gpen(config, 1).output])).toEqual(listed("gpen", config));
    expect(await reads([sampler(config, 1).output])).toEqual(listed("prior", config));
    const { logits } = discriminator(config, 1);
    expect(await reads([logits])).toEqual(listed("discriminator", config));
  }
});

test("a whole GPEN is known by its metadata and the number of its tensors", async () => {
  for (const config of CONFIGS.filter(({ noise }) => noise === "concat")) {
    const { tensors, metadata, format } = randomCheckpoint("gpen", config, 1);
    const stated = new Map([
      ...metadata,
      ["gpen.in_size", `${config.inSize}`],
      ["gpen.out_size", `${config.outSize}`],
    ]);
    expect(await statedConfig({ tensors, metadata: stated, format })).toEqual(config);
    const unfiltered = new Map([...tensors].filter(([name]) => !name.endsWith("kernel")));
    expect(unfiltered.size).toBeLessThan(tensors.size);
    expect(await statedConfig({ tensors: unfiltered, metadata: stated, format })).toEqual(config);
  }
});

test("weights are equalised by 1/sqrt(fan-in), the mapping network learns at 0.01", () => {
  for (const [name, shape, factor] of [
    ["generator.style.1.weight", [512, 64], 0.01 / 8],
    ["generator.style.8.bias", [512], 0.01],
    ["generator.input.input", [1, 512, 4, 4], 1],
    ["generator.convs.0.conv.weight", [1, 32, 16, 3, 3], 1 / 12],
    ["generator.convs.0.conv.modulation.weight", [16, 64], 1 / 8],
    ["generator.convs.0.conv.modulation.bias", [16], 1],
    ["generator.convs.0.noise.weight", [1], 1],
    ["generator.convs.0.activate.bias", [64], 1],
    ["generator.to_rgb1.conv.weight", [1, 3, 64, 1, 1], 1 / 8],
    ["generator.to_rgb1.bias", [1, 3, 1, 1], 1],
    ["ecd1.0.1.weight", [32, 16, 3, 3], 1 / 12],
    ["ecd1.0.2.bias", [32], 1],
    ["final_linear.0.weight", [512, 64], 1 / 8],
    ["final_linear.1.weight", [1, 64], 1 / 8],
  ] as const) {
    expect(equalisation(name, shape), name).toBe(factor);
  }
});
