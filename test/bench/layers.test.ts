import { beforeAll, describe, expect, test } from "vitest";
import { CASES } from "../../bench/cases";
import { bytesOf, caseLayers, type Layer, layersOf } from "../../bench/layers";
import { benchModel } from "../../bench/models";
import { runBench } from "../../bench/run";
import { selectLayers } from "../../bench/select";
import { gpen } from "../../src/graph/gpen";
import { ordered } from "../../src/graph/node";
import { publishedConfig } from "../../src/weights/published_config";

const OPTIONS = {
  suite: "kernels",
  model: "256",
  adapter: "auto",
  precision: "f32",
  minutes: 1,
  full: false,
  browser: false,
  list: false,
} as const;

let layers: Layer[];
beforeAll(async () => {
  layers = await layersOf(await benchModel("256"));
});

const macsOf = ({ node }: Layer) => node.kernel.macs?.(node.args) ?? 0;

test("every call that GPEN-256 makes is a row, equal ones once", () => {
  const nodes = ordered([gpen(publishedConfig(256), 1).output]).filter(({ kind }) => kind === "op");
  const named = new Set(layers.flatMap(({ names }) => names));
  for (const { name } of nodes) expect(named).toContain(name);
  const keys = layers.map(({ node, shape }) => `${node.kernel.name} ${shape}`);
  expect(new Set(keys).size).toBe(layers.length);
  // where a layer finds its styles among all does not tell it from others
  expect(keys.join()).not.toMatch(/First/);
  // eight layers of the mapping network, of which all are alike
  expect(layers.find(({ names }) => names.includes("w.1"))?.names).toHaveLength(8);
});

test("the rows' multiply-adds are the network's", () => {
  const all = layers.reduce((sum, layer) => sum + layer.names.length * macsOf(layer), 0);
  const nodes = ordered([gpen(publishedConfig(256), 1).output]);
  const want = nodes.reduce(
    (sum, node) => sum + (node.kind === "op" ? (node.kernel.macs?.(node.args) ?? 0) : 0),
    0,
  );
  expect(all).toBe(want);
  expect(all).toBeGreaterThan(5e9);
});

test("a layer's bytes are its own: of the styles of all layers, its slice", () => {
  const layer = layers.find(({ names }) => names.includes("convs.11"))!;
  const weights = 32 * 64 * 9;
  const images = 3 * 32 * 256 * 256; // both halves of the input, and the output
  const vectors = 64 + 32 + 32 + (4 + 32); // styles, factors, bias, the encoder half's activation
  expect(bytesOf(layer.node, false)).toBe(4 * (weights + images + vectors));
  expect(bytesOf(layer.node, true)).toBe(2 * (weights + images) + 4 * vectors);
});

describe("selection", () => {
  test("--shape keeps the rows that contain it", async () => {
    const found = await selectLayers({ ...OPTIONS, kernel: "conv2d", shape: "stride 2" });
    expect(found.map(({ names }) => names[0])).toEqual([1, 2, 3, 4, 5, 6].map((i) => `ecd${i}`));
  });

  test("a kernel that no model uses has the rows of bench/cases", async () => {
    const found = await selectLayers({ ...OPTIONS, kernel: "residual_add" });
    expect(found.map(({ model }) => model)).toEqual(["case"]);
    expect(caseLayers(CASES).map(({ shape }) => shape)).toContain(found[0].shape);
  });

  test.each([
    [{ kernel: "conv" }, /no kernel conv; use one of conv2d, .*demodulation, .*fir, flatten/],
    [{ kernel: "conv2d", shape: "7x7" }, /no shape here contains "7x7"; the first ones are 1x32x/],
  ])("%j is refused with what there is", async (part, sentence) => {
    await expect(selectLayers({ ...OPTIONS, ...part })).rejects.toThrow(sentence);
    // 2 is wrong usage, as everywhere on the command line
    expect(await runBench({ ...OPTIONS, ...part })).toBe(2);
  });
});
