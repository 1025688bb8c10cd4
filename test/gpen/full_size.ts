import { readFileSync } from "node:fs";
import type { Gpu } from "../../src/gpu/open";
import { type Executable, prepare } from "../../src/gpu/prepare";
import { type CompileOptions, compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { run } from "../../src/graph/run_alone";
import { uniform } from "../../src/random";
import { bytesSource } from "../../src/weights/byte_source";
import type { GpenConfig } from "../../src/weights/config";
import { checkpointReader } from "../../src/weights/gpen";
import { randomCheckpoint } from "../../src/weights/random";
import { readSafetensors } from "../../src/weights/safetensors";

const PUBLISHED = { styleDim: 512, nMlp: 8, noise: "concat", normalise: true } as const;

/** The published sizes: GPEN-256 has half the channels of the larger ones. */
export const CONFIGS = {
  gpen256: { ...PUBLISHED, inSize: 256, outSize: 256, channelMultiplier: 1, narrow: 0.5 },
  gpen512: { ...PUBLISHED, inSize: 512, outSize: 512, channelMultiplier: 2, narrow: 1 },
  gpen1024: { ...PUBLISHED, inSize: 1024, outSize: 1024, channelMultiplier: 2, narrow: 1 },
} satisfies Record<string, GpenConfig>;

/** A published configuration with random weights (seed 1), ready to run in the way that is chosen. */
export async function prepareFullSize(
  gpu: Gpu,
  name: keyof typeof CONFIGS,
  options: CompileOptions,
): Promise<Executable> {
  const config = CONFIGS[name];
  const read = await checkpointReader(randomCheckpoint("gpen", config, 1), "gpen", config);
  return prepare(gpu, await compile({ output: gpen(config, 1).output }, options), read);
}

/** The output on seeded uniform noise in [-1, 1) (seed 2). */
export async function runFullSize(
  executable: Executable,
  name: keyof typeof CONFIGS,
): Promise<Float32Array> {
  const next = uniform(2);
  const { inSize } = CONFIGS[name];
  const input = Float32Array.from({ length: 3 * inSize ** 2 }, () => 2 * next() - 1);
  return (await run(executable, { input })).output;
}

/** 2,048 numbers of PyTorch's output on the same weights and input, evenly spread, and its maximum. */
export async function pytorchSample(name: "gpen256" | "gpen512", length: number) {
  const file = new URL("../golden/full_size/samples.safetensors", import.meta.url);
  const { tensors } = await readSafetensors(bytesSource(readFileSync(file)));
  const sample = await tensors.get(`${name}.sample`)!.read();
  const [max] = await tensors.get(`${name}.max`)!.read();
  return { sample, max, step: Math.floor(length / 2048) - 1 };
}
