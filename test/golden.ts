import { readFileSync } from "node:fs";
import { bytesSource } from "../src/weights/byte_source";
import type { GpenConfig } from "../src/weights/config";
import { openCheckpoint } from "../src/weights/open_checkpoint";

/** The small models that were run in PyTorch, with every intermediate; see test/golden/README.md. */
export const GOLDEN = [
  "bfr32",
  "bfr64",
  "noise_add",
  "noise_none",
  "sr32to64",
  "pyramid128",
] as const;
export type GoldenName = (typeof GOLDEN)[number];

const folder = (name: string) => new URL(`golden/${name}/`, import.meta.url);

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
  return openCheckpoint(bytesSource(readFileSync(new URL(file, folder(name)))));
}

/** Every tensor of golden.safetensors, in natural order. */
export async function goldenTensors(name: string): Promise<Map<string, Float32Array>> {
  const { tensors } = await openGolden(name, "golden.safetensors");
  const read = await Promise.all(
    [...tensors].map(async ([key, tensor]) => [key, await tensor.read()] as const),
  );
  return new Map(read);
}
