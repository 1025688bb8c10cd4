import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FORMATS } from "../../src/importers/index";
import type { Checkpoint, StoredTensor } from "../../src/weights/checkpoint";
import { channels, type GpenConfig, resolutions } from "../../src/weights/config";
import { inferConfig } from "../../src/weights/infer_config";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { golden, refuses } from "./files";

function goldenConfig(name: string) {
  const path = new URL(`../golden/${name}/config.json`, import.meta.url);
  const said = JSON.parse(readFileSync(path, "utf8"));
  return {
    inSize: said.in_size as number,
    outSize: said.out_size as number,
    styleDim: said.style_dim as number,
    nMlp: said.n_mlp as number,
    noise: said.noise as GpenConfig["noise"],
    narrow: said.narrow as number,
    normalise: true,
    // Up to 32 px the multiplier changes nothing, and the default is told.
    channelMultiplier: said.out_size > 32 ? (said.channel_multiplier as number) : 2,
  };
}

const GOLDEN = ["bfr32", "bfr64", "pyramid128", "noise_add", "noise_none", "sr32to64"];

for (const name of GOLDEN) {
  test(`${name}: the configuration is read off the tensors`, async () => {
    const config = goldenConfig(name);
    const options = config.noise === "concat" ? {} : { noise: config.noise };
    const found = inferConfig(
      await openCheckpoint(golden(`${name}/weights.pth`), { formats: FORMATS }),
      options,
    );
    expect(found).toEqual({ kind: "gpen", config });
  });
}

for (const name of ["bfr32", "bfr64", "sr32to64"]) {
  test(`${name}: sizes and channels of the discriminator`, async () => {
    const { outSize, narrow, channelMultiplier } = goldenConfig(name);
    const { kind, config } = inferConfig(
      await openCheckpoint(golden(`${name}/discriminator.safetensors`)),
    );
    expect(kind).toBe("discriminator");
    expect(config).toMatchObject({ inSize: outSize, outSize, narrow, channelMultiplier });
  });
}

test("a generator alone is a prior", async () => {
  const { kind, config } = inferConfig(
    await openCheckpoint(golden("odd/prior.pth"), { formats: FORMATS }),
  );
  expect(kind).toBe("prior");
  expect(config).toMatchObject({ inSize: 8, outSize: 8, styleDim: 4, nMlp: 1, narrow: 2 / 512 });
});

test("the model in the repository", async () => {
  const path = new URL("../../models/gpen-tiny-128.safetensors", import.meta.url);
  const source = { bytes: new Uint8Array(readFileSync(path)) };
  const { kind, config } = inferConfig(
    await openCheckpoint({
      size: source.bytes.length,
      read: async (offset, length) => source.bytes.subarray(offset, offset + length),
    }),
  );
  const sizes = { inSize: 128, outSize: 128, styleDim: 128, nMlp: 4 };
  const width = { channelMultiplier: 1, narrow: 0.1875 };
  expect({ kind, config }).toEqual({
    kind: "gpen",
    config: { ...sizes, ...width, noise: "concat", normalise: true },
  });
});

const PUBLISHED: GpenConfig = {
  ...{ inSize: 512, outSize: 512, styleDim: 512, nMlp: 8 },
  ...{ channelMultiplier: 2, narrow: 1, noise: "concat", normalise: true },
};

/** Names and shapes alone, as far as configurations are read off them. */
function described(config: GpenConfig, metadata: Record<string, string> = {}) {
  const shapes: Record<string, readonly number[]> = {};
  const c = (r: number) => channels(config, r);
  const feat = config.noise === "concat" ? 2 : 1;
  const g = "generator.";
  for (let i = 1; i <= config.nMlp; i++)
    shapes[`${g}style.${i}.weight`] = [config.styleDim, config.styleDim];
  shapes[`${g}input.input`] = [1, c(4), 4, 4];
  shapes[`${g}conv1.conv.weight`] = [1, c(4), c(4), 3, 3];
  shapes[`${g}conv1.activate.bias`] = [feat * c(4)];
  for (const [i, r] of resolutions(config.outSize).slice(1).entries()) {
    shapes[`${g}convs.${2 * i}.conv.weight`] = [1, c(r), feat * c(r / 2), 3, 3];
    shapes[`${g}to_rgbs.${i}.conv.weight`] = [1, 3, feat * c(r), 1, 1];
  }
  shapes["ecd0.0.0.weight"] = [c(config.inSize), 3, 1, 1];
  for (let r = config.inSize / 2, i = 1; r >= 4; r /= 2, i++) {
    shapes[`ecd${i}.0.1.weight`] = [c(r), c(2 * r), 3, 3];
  }
  return checkpoint(shapes, metadata);
}

function checkpoint(shapes: Record<string, readonly number[]>, metadata: Record<string, string>) {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shape] of Object.entries(shapes)) {
    tensors.set(name, { shape, dtype: "F32", folded: 1, read: async () => new Float32Array() });
  }
  const made: Checkpoint & { tensors: Map<string, StoredTensor> } = {
    ...{ format: "safetensors", tensors, metadata: new Map(Object.entries(metadata)) },
  };
  return made;
}

const reshaped = (name: string, shape: readonly number[] | null, metadata = {}) => {
  const made = described({ ...PUBLISHED, inSize: 64, outSize: 64 }, metadata);
  const old = made.tensors.get(name)!;
  if (shape) made.tensors.set(name, { ...old, shape });
  else made.tensors.delete(name);
  return made;
};

test("published sizes and widths come back as they were written", () => {
  const widths = [
    [2, 1],
    [1, 0.5],
    [1, 1],
    [2, 0.25],
    [1, 0.1875],
    [4, 0.5],
  ];
  for (const size of [128, 256, 512, 1024, 2048]) {
    for (const [channelMultiplier, narrow] of widths) {
      const config = { ...PUBLISHED, inSize: size, outSize: size, channelMultiplier, narrow };
      expect(inferConfig(described(config)).config).toEqual(config);
    }
  }
});

test("any width gives back every channel count", () => {
  for (let i = 1; i < 200; i++) {
    const narrow = 0.06 + i / 173;
    const config = {
      ...PUBLISHED,
      inSize: 256,
      outSize: 1024,
      narrow,
      channelMultiplier: 1 + (i % 2),
    };
    const found = inferConfig(described(config)).config;
    for (const r of resolutions(1024)) expect(channels(found, r)).toBe(channels(config, r));
  }
});

test("metadata tells what tensors cannot", () => {
  const small = { ...PUBLISHED, inSize: 32, outSize: 32, noise: "none" as const };
  const metadata = {
    ...{ "gpen.noise": "none", "gpen.normalise": "false", "gpen.channel_multiplier": "1" },
    ...{ "gpen.in_size": "32", "gpen.out_size": "32", "gpen.style_dim": "512", "gpen.n_mlp": "8" },
    "gpen.narrow": "1",
  };
  expect(inferConfig(described(small, metadata)).config).toEqual({
    ...small,
    normalise: false,
    channelMultiplier: 1,
  });
});

test("metadata that the tensors contradict is refused with both values", async () => {
  const conflicts: Record<string, [string, string]> = {
    "gpen.in_size": ["256", 'gpen.in_size is "256", but "ecd7.0.1.weight" makes it 512'],
    "gpen.out_size": [
      "1024",
      'gpen.out_size is "1024", but "generator.to_rgbs.6.conv.weight" makes it 512',
    ],
    "gpen.style_dim": ["256", '"generator.style.1.weight" makes it 512'],
    "gpen.n_mlp": ["4", '"generator.style.8.weight" makes it 8'],
    "gpen.noise": [
      "add",
      '--noise|metadata gpen.noise is add, but "generator.conv1.activate.bias" has 1024',
    ],
    "gpen.narrow": ["0.5", "has 512 channels at 4 px, which does not fit metadata gpen.narrow 0.5"],
    "gpen.channel_multiplier": [
      "1",
      "has 512 channels at 64 px, which does not fit metadata gpen.channel_multiplier 1",
    ],
    "gpen.normalise": ["yes", 'gpen.normalise is "yes"; it must be true or false'],
  };
  for (const [key, [value, words]] of Object.entries(conflicts)) {
    const made = described(PUBLISHED, { [key]: value });
    await refuses(() => inferConfig(made), words.split("|").at(-1)!);
  }
  await refuses(
    () => inferConfig(described(PUBLISHED, { "gpen.narrow": "wide" })),
    "a number above 0",
  );
});

test("noise that nothing decides is asked for", async () => {
  const none = { ...PUBLISHED, noise: "none" as const };
  await refuses(() => inferConfig(described(none)), "pass --noise add or --noise none");
  expect(inferConfig(described(none), { noise: "add" }).config.noise).toBe("add");
  await refuses(() => inferConfig(described(none), { noise: "concat" }), "--noise is concat, but");
  await refuses(
    () => inferConfig(described(PUBLISHED), { noise: "none" }),
    "which is noise concat",
  );
  const said = described(none, { "gpen.noise": "add" });
  await refuses(() => inferConfig(said, { noise: "none" }), "metadata gpen.noise is add");
  await refuses(() => inferConfig(described(none, { "gpen.noise": "off" })), "concat, add or none");
});

test("tensors that are missing or strange are named", async () => {
  const cases: [string, readonly number[] | null, string][] = [
    ["ecd0.0.0.weight", null, '"ecd0.0.0.weight" is missing'],
    ["generator.style.1.weight", null, '"generator.style.1.weight" is missing'],
    ["generator.style.1.weight", [512], "is (512); 2 sizes were expected"],
    ["generator.conv1.activate.bias", [700], "has 700 values; 512 or 1024 fit"],
    [
      "generator.convs.0.conv.weight",
      [1, 511, 1024, 3, 3],
      '"generator.convs.0.conv.weight" has 511 channels at 8 px',
    ],
    [
      "ecd0.0.0.weight",
      [100, 3, 1, 1],
      '"ecd0.0.0.weight" has 100 channels at 64 px, which no channel multiplier',
    ],
    ["generator.input.input", [1, 0, 4, 4], '"generator.input.input" has 0 channels'],
    ["generator.input.input", [1, 2 ** 27, 4, 4], "1 to 4096 are read"],
  ];
  for (const [name, shape, words] of cases) {
    await refuses(() => inferConfig(reshaped(name, shape)), words);
  }
  await refuses(() => inferConfig(checkpoint({ x: [1] }, {})), "this is not a GPEN checkpoint");
  const large = described({ ...PUBLISHED, inSize: 4096, outSize: 4096 });
  await refuses(() => inferConfig(large), "must be a power of two from 8 to 2048");
});
