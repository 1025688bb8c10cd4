import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FORMATS } from "../src/importers/index";
import { bytesSource } from "../src/weights/byte_source";
import type { GpenConfig } from "../src/weights/config";
import { openCheckpoint } from "../src/weights/open_checkpoint";

/** Where the models lie that were run in PyTorch: the repository's own, or others of the same layout. */
const root = process.env.GPEN_GOLDEN
  ? pathToFileURL(`${resolve(process.env.GPEN_GOLDEN)}/`)
  : new URL("golden/", import.meta.url);

/** Folders of one model each, with weights, input, output and intermediates; see golden/README.md. */
export const GOLDEN = readdirSync(root).filter((name) =>
  existsSync(new URL(`${name}/config.json`, root)),
);

const folder = (name: string) => new URL(`${name}/`, root);

export function hasGolden(name: string, file: string): boolean {
  return existsSync(new URL(file, folder(name)));
}

/** Names of the tensors in golden.safetensors: what of a model is stored, without reading it. */
export function goldenKeys(name: string): string[] {
  const bytes = readFileSync(new URL("golden.safetensors", folder(name)));
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0)));
  return Object.keys(JSON.parse(header.toString("utf8")));
}

export function goldenConfig(name: string): GpenConfig & { batch: number } {
  const json = JSON.parse(readFileSync(new URL("config.json", folder(name)), "utf8"));
  return {
    inSize: json.in_size,
    outSize: json.out_size,
    styleDim: json.style_dim,
    nMlp: json.n_mlp,
    channelMultiplier: json.channel_multiplier,
    narrow: json.narrow,
    noise: json.noise,
    normalise: true,
    batch: json.batch,
  };
}

export function openGolden(name: string, file = "weights.pth") {
  return openCheckpoint(bytesSource(readFileSync(new URL(file, folder(name)))), {
    formats: FORMATS,
  });
}

/** Every tensor of golden.safetensors, in natural order. */
export async function goldenTensors(name: string): Promise<Map<string, Float32Array>> {
  const { tensors } = await openGolden(name, "golden.safetensors");
  const read = await Promise.all(
    [...tensors].map(async ([key, tensor]) => [key, await tensor.read()] as const),
  );
  return new Map(read);
}
