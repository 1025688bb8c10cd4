import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { loadGpen, type Pixels, restore } from "../../src/index";
import { readImage } from "../../src/node/image";
import { openTestGpu } from "../gpu";
import { pairsDirectory } from "../pairs";
import { psnr } from "../psnr";

const models = new URL("../../models/", import.meta.url);
const weights = readFileSync(new URL("gpen-tiny-128.safetensors", models));
const card: Card = JSON.parse(readFileSync(new URL("card.json", models), "utf8"));

interface Card {
  readonly pairs_psnr_out: number;
  readonly pairs: readonly { readonly pair: string; readonly psnr_out: number }[];
}

const directory = pairsDirectory();

interface Result {
  readonly pair: string;
  readonly psnrOnCard: number;
  readonly restored: Pixels;
  readonly clean: Pixels;
}

/** The held-out faces as the embedded model restores them, and the clean ones. */
async function restorePairs(gpu: Gpu, precision: "f32" | "f16"): Promise<Result[]> {
  const model = await loadGpen(gpu, weights, { precision });
  const results: Result[] = [];
  for (const { pair, psnr_out } of card.pairs) {
    const [degraded, clean] = await Promise.all(
      ["lq", "hq"].map((kind) => readImage(join(directory!, `${pair}_${kind}.png`))),
    );
    const { pixels, rerun } = await restore(model, degraded);
    expect(rerun, `pair ${pair}`).toBeUndefined();
    results.push({ pair, psnrOnCard: psnr_out, restored: pixels, clean });
  }
  model.dispose();
  return results;
}

let inF32: Promise<Result[]> | undefined;

test.skipIf(!directory)(
  "the embedded model restores the held-out faces as well as its card says",
  async () => {
    inF32 = restorePairs(await openTestGpu({ features: ["subgroups"] }), "f32");
    const results = await inF32;
    const figures = results.map(({ restored, clean }) => psnr(restored, clean));
    // The card rounds to 0.001 dB; a level rounded otherwise in a few pixels moves less than 0.01.
    results.forEach(({ pair, psnrOnCard }, i) => {
      expect(
        Math.abs(figures[i] - psnrOnCard),
        `pair ${pair}: ${figures[i]} dB`,
      ).toBeLessThanOrEqual(0.01);
    });
    const mean = figures.reduce((sum, v) => sum + v, 0) / figures.length;
    expect(Math.abs(mean - card.pairs_psnr_out), `mean ${mean} dB`).toBeLessThanOrEqual(0.01);
  },
);

test.skipIf(!directory)("f16 stays within 45 dB of f32 on the held-out faces", async () => {
  const gpu = await openTestGpu({ features: ["shader-f16", "subgroups"] });
  const f32 = await (inF32 ?? restorePairs(gpu, "f32"));
  const f16 = await restorePairs(gpu, "f16");
  f16.forEach(({ pair, restored }, i) => {
    expect(psnr(restored, f32[i].restored), `pair ${pair}`).toBeGreaterThanOrEqual(45);
  });
});
