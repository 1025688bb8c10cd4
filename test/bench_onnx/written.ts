import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Pattern } from "../../bench/onnx/fir";
import { writeOnnx } from "../../bench/onnx/write";
import { uniform } from "../../src/random";
import type { Checkpoint } from "../../src/weights/checkpoint";
import type { GpenConfig, NoiseMode } from "../../src/weights/config";
import { randomCheckpoint } from "../../src/weights/random";

export const PATTERNS: readonly Pattern[] = ["published", "lean"];

/** A GPEN of few channels: 16 up to 32 px, 8 at 64. */
export function narrowGpen(side: number, noise: NoiseMode = "concat"): GpenConfig {
  return {
    inSize: side,
    outSize: side,
    styleDim: 24,
    nMlp: 2,
    channelMultiplier: 1,
    narrow: 1 / 32,
    noise,
    normalise: true,
  };
}

export interface Written {
  readonly path: string;
  readonly checkpoint: Checkpoint;
}

/** Random weights of this configuration as an ONNX file, which goes when the test ends. */
export async function writeRandom(config: GpenConfig, pattern: Pattern): Promise<Written> {
  const folder = await mkdtemp(join(tmpdir(), "gpen-onnx-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "model.onnx");
  const checkpoint = randomCheckpoint("gpen", config, 5);
  await writeOnnx(path, checkpoint, config, pattern);
  return { path, checkpoint };
}

/** The picture that both are given, in [-1, 1]. */
export function noisePicture(side: number): Float32Array {
  const next = uniform(3);
  return Float32Array.from({ length: 3 * side * side }, () => 2 * next() - 1);
}
