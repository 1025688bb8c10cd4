import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { bytesSource } from "../src/weights/byte_source";
import type { Checkpoint } from "../src/weights/checkpoint";
import type { GpenConfig } from "../src/weights/config";
import { inferConfig } from "../src/weights/infer_config";
import { publishedConfig } from "../src/weights/published_config";
import { randomCheckpoint } from "../src/weights/random";
import { readSafetensors } from "../src/weights/safetensors";
import { writeSafetensors } from "../src/weights/write_safetensors";

const TINY = fileURLToPath(new URL("../models/gpen-tiny-128.safetensors", import.meta.url));

/** The models that the benchmark knows; all but the embedded one have seeded random weights. */
export const MODELS = ["tiny", "256", "512", "1024"] as const;
export type ModelChoice = (typeof MODELS)[number];

/** A network to measure, and its weights. */
export interface BenchModel {
  /** As results name it: "GPEN-256", "tiny". */
  readonly name: string;
  readonly config: GpenConfig;
  readonly checkpoint: Checkpoint;
}

/** The embedded model, or a published configuration with random weights. */
export async function benchModel(choice: ModelChoice): Promise<BenchModel> {
  if (choice === "tiny") {
    const checkpoint = await readSafetensors(bytesSource(await readFile(TINY)));
    return { name: "tiny", config: inferConfig(checkpoint, {}).config, checkpoint };
  }
  return randomModel(`GPEN-${choice}`, publishedConfig(Number(choice)));
}

/** Any configuration with seeded random weights. */
export function randomModel(name: string, config: GpenConfig): BenchModel {
  return { name, config, checkpoint: randomCheckpoint("gpen", config, 0) };
}

/** Writes a model's weights to `path` as safetensors in f32. */
export async function writeModel({ checkpoint }: BenchModel, path: string): Promise<void> {
  const { tensors, metadata } = checkpoint;
  await pipeline(
    Readable.from(writeSafetensors(tensors, metadata, "F32")),
    createWriteStream(path),
  );
}

/** Makes an empty directory for files of weights, runs `use`, and removes it. */
export async function withDirectory<Result>(use: (dir: string) => Promise<Result>) {
  const dir = await mkdtemp(join(tmpdir(), "gpen-bench-"));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
