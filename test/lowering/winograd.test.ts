import { expect, test } from "vitest";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { STRIP_BYTES } from "../../src/kernels/kernel";
import { winograd } from "../../src/lowering/winograd";
import { publishedConfig } from "../../src/weights/published_config";

const tile = { lanes: 8, loaded: 2, loads: 2, run: 2 };

/** The published network with every layer that suits in tiles. */
function lowered(side: number, fused: boolean) {
  const each = winograd(tile, fused);
  const { output } = gpen(publishedConfig(side), 1);
  return compile({ output }, { choose: (node) => (each.suits(node) ? each : undefined) });
}

test.each([
  [256, ["convs.3", "convs.5", "convs.7", "convs.9", "convs.11"]],
  [512, ["convs.5", "convs.7", "convs.9", "convs.11", "convs.13"]],
])("GPEN-%i: layers with tiles enough for their weights", async (side, layers) => {
  const { tensors, steps } = await lowered(side, true);
  const inTiles = tensors.filter(({ name }) => name.endsWith(".patches")).map(({ name }) => name);
  expect(inTiles).toEqual(layers.map((name) => `${name}.patches`));
  const kernels = new Set(
    steps.map(({ node }) => node).filter(({ name }) => layers.includes(name)),
  );
  expect([...kernels].map(({ kernel }) => kernel.name)).toEqual(layers.map(() => "winograd_conv"));
});

test.each([true, false])("GPEN-512: strips stay within their bytes, fused: %s", async (fused) => {
  const { tensors, memory } = await lowered(512, fused);
  const strips = tensors.filter(({ name }) => /\.(in|patches|product)$/.test(name));
  expect(strips.length).toBe(fused ? 10 : 15);
  for (const { name, bytes } of strips) expect(bytes, name).toBeLessThanOrEqual(STRIP_BYTES);
  const plain = (await compile({ output: gpen(publishedConfig(512), 1).output })).memory;
  expect(memory.peakBytes - plain.peakBytes).toBeLessThanOrEqual((fused ? 2 : 3) * STRIP_BYTES);
  // Transformed weights are four times as large: 175 MB instead of 44 MB.
  expect(memory.weightBytes - plain.weightBytes).toBeLessThan(132e6);
});
