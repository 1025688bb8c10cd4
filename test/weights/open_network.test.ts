import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gpen } from "../../src/graph/gpen";
import { ordered } from "../../src/graph/node";
import { wholeWeight } from "../../src/graph/whole_weight";
import { FORMATS } from "../../src/importers/index";
import { numel } from "../../src/tensor";
import { bytesSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";
import { inferConfig } from "../../src/weights/infer_config";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { openNetwork, statedConfig } from "../../src/weights/open_network";
import { golden, refuses } from "./files";

const path = new URL("../../models/gpen-tiny-128.safetensors", import.meta.url);
const embedded = () => openCheckpoint(bytesSource(new Uint8Array(readFileSync(path))));

async function saying(changes: Readonly<Record<string, string | undefined>>): Promise<Checkpoint> {
  const checkpoint = await embedded();
  const all = Object.entries({ ...Object.fromEntries(checkpoint.metadata), ...changes });
  const metadata = new Map(all.flatMap(([key, value]) => (value ? [[key, value] as const] : [])));
  return { ...checkpoint, metadata };
}

test("a file that says what it is gives what its tensors tell", async () => {
  const checkpoint = await embedded();
  const { config } = await openNetwork(checkpoint, {});
  expect(config).toEqual(inferConfig(checkpoint).config);
  expect(await statedConfig(checkpoint)).toEqual(config); // nothing more is loaded for it
});

test("a model whose pictures are not normalised is looked at", async () => {
  const checkpoint = await saying({ "gpen.normalise": "false" });
  expect(await statedConfig(checkpoint)).toBeUndefined();
  expect((await openNetwork(checkpoint, {})).config.normalise).toBe(false);
});

test("a file that does not say is looked at", async () => {
  const checkpoint = { ...(await embedded()), metadata: new Map<string, string>() };
  const { config } = await openNetwork(checkpoint, {});
  expect(config).toEqual(inferConfig(checkpoint).config);
});

test.each([
  ["another size", { "gpen.out_size": "256" }, 'metadata gpen.out_size is "256", but'],
  ["no size", { "gpen.in_size": "100" }, "metadata gpen.in_size is"],
  ["another latent", { "gpen.style_dim": "64" }, 'metadata gpen.style_dim is "64", but'],
  ["another mapping", { "gpen.n_mlp": "8" }, 'metadata gpen.n_mlp is "8", but'],
  ["another width", { "gpen.narrow": "0.5" }, "which does not fit metadata"],
  ["noise that is none", { "gpen.noise": "loud" }, "it must be concat, add or none"],
  ["normalisation", { "gpen.normalise": "perhaps" }, "it must be true or false"],
])("a file that says something wrong gets the sentence for it: %s", async (_, changes, words) => {
  const checkpoint = await saying(changes);
  await refuses(() => openNetwork(checkpoint, {}), words);
});

test("a tensor left over is refused although the metadata fits", async () => {
  const checkpoint = await embedded();
  const tensors = new Map([...checkpoint.tensors, ["extra", [...checkpoint.tensors.values()][0]]]);
  await refuses(
    () => openNetwork({ ...checkpoint, tensors }, {}),
    '"extra" (128, 128) is left over',
  );
});

test("another filter is refused although names and shapes fit", async () => {
  const checkpoint = await embedded();
  const tensors = new Map(checkpoint.tensors);
  const key = "generator.convs.0.conv.blur.kernel";
  const taps = new Float32Array(16).fill(1);
  tensors.set(key, { shape: [4, 4], dtype: "F32", folded: 1, read: async () => taps });
  await refuses(() => openNetwork({ ...checkpoint, tensors }, {}), `"${key}" has tap 0 = 1,`);
});

test("a tensor that is missing is named", async () => {
  const checkpoint = await embedded();
  const tensors = new Map(checkpoint.tensors);
  tensors.delete("generator.conv1.activate.bias");
  await refuses(
    () => openNetwork({ ...checkpoint, tensors }, {}),
    '"generator.conv1.activate.bias" is missing',
  );
});

/** What loading the network from the checkpoint comes to: it is read as long as nothing is wrong. */
async function load(checkpoint: Checkpoint): Promise<void> {
  const { config, read } = await openNetwork(checkpoint, {});
  for (const node of ordered([gpen(config, 1).output])) {
    if (node.kind === "weight") await wholeWeight(node, read);
  }
}

test.each([
  [
    "a tensor in another shape",
    "generator.conv1.conv.modulation.weight",
    [128, 96],
    "is (128, 96)",
  ],
  ["a tensor of another size", "ecd5.0.2.bias", [48], '"ecd5.0.2.bias" is (48), the GPEN of'],
  ["another tensor in its place", "ecd5.0.3.bias", [96], '"ecd5.0.3.bias" (96) is left over'],
])("refused as the network reads, with the sentence for it: %s", async (_, name, shape, words) => {
  const checkpoint = await embedded();
  await load(checkpoint);
  const tensors = new Map(checkpoint.tensors);
  if (!tensors.has(name)) tensors.delete("ecd5.0.2.bias");
  const values = new Float32Array(numel(shape));
  tensors.set(name, { shape, dtype: "F32", folded: 1, read: async () => values });
  await refuses(() => load({ ...checkpoint, tensors }), words);
});

test("another network than the one that is wanted is refused", async () => {
  const discriminator = await openCheckpoint(golden("bfr64/discriminator.safetensors"));
  const prior = await openCheckpoint(golden("odd/prior.pth"), { formats: FORMATS });
  for (const [checkpoint, wanted, words] of [
    [discriminator, "gpen", "this file holds a discriminator alone; pass a whole GPEN"],
    [discriminator, "prior", "this file holds a discriminator alone; pass a GPEN or a generator"],
    [prior, "gpen", "this file holds a prior alone; pass a whole GPEN"],
  ] as const) {
    await refuses(() => openNetwork(checkpoint, {}, wanted), words);
  }
  expect((await openNetwork(prior, {}, "prior")).config).toEqual(inferConfig(prior).config);
});
