import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { loadGpen, restore } from "../../src/index";
import { readImage } from "../../src/node/image";
import { bytesSource } from "../../src/weights/byte_source";
import { readSafetensors } from "../../src/weights/safetensors";
import { writeSafetensors } from "../../src/weights/write_safetensors";
import { openTestGpu } from "../gpu";
import { psnr } from "../psnr";

/*
 * A style's scale cancels where there is demodulation, and is undone by hand where there is none.
 * Neither may cost f16 its range: trained models of this family have styles of 1000.
 */

const models = new URL("../../models/", import.meta.url);
const example = fileURLToPath(new URL("../../examples/astronaut.png", import.meta.url));
const weights = readFileSync(new URL("gpen-tiny-128.safetensors", models));
let photo: Awaited<ReturnType<typeof readImage>>;

beforeAll(async () => {
  photo = await readImage(example);
});

/** The embedded model with some tensors multiplied, written as f32 so that nothing is rounded. */
async function scaled(factorOf: (name: string) => number): Promise<Uint8Array> {
  const { tensors, metadata } = await readSafetensors(bytesSource(weights));
  const changed = new Map(
    [...tensors].map(([name, tensor]) => {
      const read = async () => (await tensor.read()).map((v) => v * factorOf(name));
      return [name, { ...tensor, dtype: "F32" as const, read }];
    }),
  );
  const parts: Uint8Array[] = [];
  for await (const part of writeSafetensors(changed, metadata, "F32")) parts.push(part.slice());
  return Buffer.concat(parts);
}

async function picture(gpu: Gpu, bytes: Uint8Array, precision: "f32" | "f16") {
  const model = await loadGpen(gpu, bytes, { precision });
  const { pixels, rerun } = await restore(model, photo);
  model.dispose();
  expect(rerun).toBeUndefined();
  return pixels;
}

const CASES = [
  {
    what: "modulation weights and biases of all styled convolutions times 1000",
    factorOf: (name: string) =>
      /generator\.(conv1|convs\.\d+)\.conv\.modulation/.test(name) ? 1000 : 1,
  },
  {
    what: "toRGB's modulation times 1000 and its weight over 1000",
    factorOf: (name: string) => {
      if (/to_rgb.*\.modulation/.test(name)) return 1000;
      return /to_rgb.*\.conv\.weight/.test(name) ? 1e-3 : 1;
    },
  },
];

test.each(CASES)("f16: $what leave the picture as it is", async ({ factorOf }) => {
  const gpu = await openTestGpu({ features: ["shader-f16"] });
  const reference = await picture(gpu, weights, "f32");
  const changed = await scaled(factorOf);
  expect(psnr(await picture(gpu, changed, "f16"), reference)).toBeGreaterThanOrEqual(45);
  expect(psnr(await picture(gpu, changed, "f32"), reference)).toBeGreaterThanOrEqual(60);
});
