import { describe, expect, test } from "vitest";
import { planBands } from "../../src/graph/bands";
import { compile } from "../../src/graph/compile";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { input, type OpNode, op, weight } from "../../src/graph/node";
import { conv2d } from "../../src/kernels/conv2d";
import { fir } from "../../src/kernels/fir";
import { IMAGE } from "../../src/kernels/layout";
import { linear } from "../../src/kernels/linear";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { winogradConv } from "../../src/kernels/winograd_conv";
import { callNode } from "../kernels/call_node";
import { modulatedArgs } from "../kernels/modulated_args";
import { expectBindable, expectCovered } from "./plan";

const limits = (bytes: number) => ({ ...DEFAULT_LIMITS, maxStorageBufferBindingSize: bytes });
const x = input("x", [2, 4, 11, 33], IMAGE); // rows of 528 bytes: no whole number of 256
const w = weight("w", [4, 4, 3, 3]);
const layer = op(conv2d, "layer", { x, w }, { stride: 1, pad: 1, activate: true });

test("what fits is one band over the whole batch", () => {
  const [{ band, windows }, ...others] = planBands(layer, [], limits(2 ** 20), "f32");
  expect(others).toEqual([]);
  expect(band).toEqual({ n: 0, count: 2, row: 0, rows: 11, base: { x: 0, y: 0 } });
  expect(windows.x).toEqual({ offset: 0, size: 2 * 11 * 528 });
});

describe.each(["f32", "f16"] as const)("bands in %s", (precision) => {
  const row = precision === "f32" ? 528 : 264;
  const plans = planBands(layer, [], limits(6 * row), precision);

  test("hold the rows that their taps read, and begin where a device can bind", () => {
    for (const { band, windows } of plans) {
      const { offset, size } = windows.x;
      const first = (band.n * 11 + Math.max(0, band.row - 1)) * row;
      const end = (band.n * 11 + Math.min(11, band.row + band.rows + 1)) * row;
      expect(offset % 256).toBe(0);
      expect(offset).toBeLessThanOrEqual(first);
      expect(first - offset).toBeLessThan(256);
      expect(offset + size).toBe(end);
      expect(band.base.x * (precision === "f32" ? 16 : 8)).toBe(offset);
    }
  });

  test("cover both samples in as few pieces as fit", async () => {
    const pieces = plans.map(({ band }) => [band.n, band.count, band.row, band.rows]);
    // Two rows beside the band's own, and up to 255 bytes before them, fit into 6 rows.
    const heights = pieces.map(([, , , rows]) => rows);
    expect(Math.max(...heights)).toBe(3);
    expect(pieces.map(([n]) => n)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expectCovered(await compile({ layer }, { limits: limits(6 * row), precision }));
  });
});

test("a binding that needs no more than its rows is bound at odd offsets of aligned windows", async () => {
  const program = await compile({ layer }, { limits: limits(4096) });
  expect(program.steps.length).toBeGreaterThan(2);
  expectBindable(program, limits(4096));
});

test("one sample for the whole batch is read at the same rows by each", () => {
  const args = { ...modulatedArgs(2, 4, 0, 4, 11, 33, 1), b: [4] };
  const plans = planBands(callNode(modulatedConv3x3, "conv1", args), [], limits(6 * 528), "f32");
  const offsets = (n: number) =>
    plans.filter(({ band }) => band.n === n).map(({ windows }) => windows.x.offset);
  expect(offsets(1)).toEqual(offsets(0));
});

test("a producer's bands alternate with its consumer's, at the start of their buffer", () => {
  const blur = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;
  const filtered = op(fir, "filtered", { x: layer }, blur);
  const plans = planBands(filtered, [layer], limits(8 * 528), "f32");
  expect(plans.map(({ node }) => node.name).slice(0, 4)).toEqual([
    "layer",
    "filtered",
    "layer",
    "filtered",
  ]);
  for (let i = 0; i < plans.length; i += 2) {
    const [written, read] = [plans[i].windows.y, plans[i + 1].windows.x];
    expect(written).toEqual(read);
    expect(written.offset).toBe(0);
    expect(plans[i].band.base.y).toBe(plans[i + 1].band.base.x);
  }
});

describe("steps that would take long are cut by their work", () => {
  const macs = 2 * 11 * 33 * 4 * 4 * 9;
  const heights = (maxMacs: number, node: OpNode = layer) =>
    planBands(node, [], { ...DEFAULT_LIMITS, maxMacs }, "f32").map(({ band }) => band.rows);

  test("into as few bands as are quick enough, and not at all if they are", async () => {
    expect(heights(macs)).toEqual([11]);
    // a sample at a time, then rows of it: 4 of 22 take less than a fifth, 5 more
    expect(heights(macs - 1)).toEqual([11, 11]);
    expect(heights(macs / 5)).toEqual([4, 4, 3, 4, 4, 3]);
    const limits = { ...DEFAULT_LIMITS, maxMacs: macs / 5 };
    const program = await compile({ layer }, { limits });
    expectBindable(program, limits);
    expectCovered(program);
  });

  test("down to one row, or to a whole row of tiles", () => {
    expect(heights(1)).toEqual(new Array(22).fill(1));
    const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;
    const size = { cOut: 4, h: 9, width: 33 } as const;
    const args = { ...size, x: [1, 144, 3, 9], w: [144, 4], b: [4], activate: true, tile };
    expect(heights(1, callNode(winogradConv, "conv", args))).toEqual([4, 4, 1]);
  });

  test("but stay whole where a kernel cannot be cut", () => {
    const args = { x: [2, 64], w: [64, 64], b: [64], activate: false };
    expect(heights(1, callNode(linear, "fc", args)).length).toBe(1);
  });
});
