import { describe, expect, test } from "vitest";
import type { CeilingMeter } from "../../bench/ceilings";
import { compareResults } from "../../bench/compare";
import { deadlineIn } from "../../bench/deadline";
import { measureKernels } from "../../bench/kernels";
import { type Layer, layersOf } from "../../bench/layers";
import { randomModel } from "../../bench/models";
import type { BenchResult } from "../../bench/result";
import schema from "../../bench/result.schema.json";
import type { Gpu } from "../../src/gpu/open";
import { type AnyKernel, type Band, wgslOf } from "../../src/kernels/kernel";
import { chooseFor } from "../../src/lowering/techniques";
import { openTestGpu } from "../gpu";
import { sampleResult } from "./sample_result";
import { violations } from "./schema";

/** 32 channels at 64 px and 64 at 32 px: a stride-2 convolution of 38 million multiply-adds. */
const MODEL = randomModel("small", {
  inSize: 64,
  outSize: 64,
  styleDim: 16,
  nMlp: 2,
  channelMultiplier: 2,
  narrow: 0.125,
  noise: "concat",
  normalise: true,
});

/** Ceilings that do not drift: what is compared here is the same minute of the same machine. */
const METER: CeilingMeter = {
  measure: async () => {},
  ceilings: () => ({ fmaGflops: 32, matmulGflops: 14, copyGbps: 10 }),
  dispose: () => {},
};

/** The layer as described, so that a fault in its kernel is one in what runs. */
const asDescribed = { choose: () => undefined };

async function measure(gpu: Gpu, layers: readonly Layer[], choose = chooseFor(gpu)) {
  const deadline = deadlineIn(Number.POSITIVE_INFINITY);
  return measureKernels(gpu, layers, METER, { precision: "f32", deadline, choose });
}

async function layerNamed(name: string): Promise<Layer> {
  const layers = await layersOf(MODEL);
  return layers.find(({ names }) => names.includes(name))!;
}

function withKernel(layer: Layer, change: Partial<AnyKernel>): Layer {
  return { ...layer, node: { ...layer.node, kernel: { ...layer.node.kernel, ...change } } };
}

/** A shader with `from` replaced, under a name of its own: pipelines are kept by name. */
async function changed({ node }: Layer, from: string, to: string): Promise<Partial<AnyKernel>> {
  const { name } = node.kernel;
  const wgsl = await wgslOf(node.kernel);
  expect(wgsl.split(from)).toHaveLength(2);
  return { name: `${name} changed`, wgsl: wgsl.replace(from, to) };
}

function resultOf(rows: BenchResult["kernels"], notes: readonly string[]): BenchResult {
  return {
    ...sampleResult(),
    ceilings: METER.ceilings(),
    peers: [],
    models: [],
    kernels: rows,
    notes,
  };
}

test("layers that are right are timed, and make a result of the schema", async () => {
  const layers = (await layersOf(MODEL)).slice(0, 12);
  const { rows, refused, notes } = await measure(await openTestGpu(), layers);
  expect([refused, notes]).toEqual([[], []]);
  expect(rows.map(({ name }) => name)).toEqual(layers.map(({ node }) => node.kernel.name));
  expect(violations(schema, resultOf(rows, []))).toEqual([]);
  for (const { ms, spread, gbps } of rows) {
    expect(spread.low).toBeLessThanOrEqual(ms);
    expect(spread.high).toBeGreaterThanOrEqual(ms);
    expect(gbps).toBeGreaterThan(0);
  }
});

describe("a wrong kernel is refused and not timed", () => {
  test.each([
    ["a tap beside its place", "ox * STRIDE - params.pad", "ox * STRIDE + 1u - params.pad"],
    ["a bias left out", "v += b[oq]", "v += 0.0 * b[oq]"],
    ["the last pixel left unwritten", "if (ox + p < params.w)", "if (ox + p + 1u < params.w)"],
  ])("%s", async (_, from, to) => {
    const layer = await layerNamed("ecd1");
    const wrong = withKernel(layer, await changed(layer, from, to));
    const { rows, refused } = await measure(await openTestGpu(), [wrong], asDescribed.choose);
    expect(rows).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(
      /^conv2d changed 1x64x32x32, w .* \(small ecd1\) was refused: output/,
    );
  });

  test("a shader that does not compile", async () => {
    const layer = await layerNamed("ecd1");
    const broken = withKernel(layer, await changed(layer, "var acc:", "var ac:"));
    const { rows, refused } = await measure(await openTestGpu(), [broken], asDescribed.choose);
    expect(rows).toEqual([]);
    expect(refused[0]).toMatch(/^conv2d changed .* failed: \S/);
  });
});

// again where other work on the machine has widened one of the two series
test("a worse tile is caught by the comparison", { retry: 2 }, async () => {
  const gpu = await openTestGpu();
  const layer = await layerNamed("ecd1");
  const plan = (args: object, band: Band) => {
    const good = layer.node.kernel.plan(args, band);
    const { w, h } = good.params;
    const params = { ...good.params, w_blocks: w, threads: w * h };
    const [, y, z] = good.workgroups;
    const workgroups = [Math.ceil((w * h) / 64), y, z] as const;
    return { ...good, params, workgroups, prelude: { ...good.prelude, RUN: 1 } };
  };
  const slow = withKernel(layer, { plan });
  const before = await measure(gpu, [layer], asDescribed.choose);
  const now = await measure(gpu, [slow], asDescribed.choose);
  expect(now.refused, "slower, but right").toEqual([]);
  const { lines, slower } = compareResults(resultOf(before.rows, []), resultOf(now.rows, []));
  expect(slower).toBe(true);
  expect(lines.at(-1)).toMatch(/^slower +\d+ % {2}conv2d 1x64x32x32/);
  const again = compareResults(resultOf(now.rows, []), resultOf(before.rows, []));
  expect(again.slower, "the other way round").toBe(false);
});
