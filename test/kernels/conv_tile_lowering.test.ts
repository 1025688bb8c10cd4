import { expect, test } from "vitest";
import { compile } from "../../src/graph/compile";
import type { Node, OpNode } from "../../src/graph/node";
import { callReference } from "../../src/graph/reference";
import { type Conv2d, conv2d } from "../../src/kernels/conv2d";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { splitsFor, tile } from "../../src/lowering/tile";
import { gaussian } from "../../src/random";
import { numel } from "../../src/tensor";
import { expectClose } from "../compare";
import { callNode } from "./call_node";
import { modulatedArgs } from "./modulated_args";

const choose = (node: OpNode) => (tile().suits(node) ? tile() : undefined);
const kernelsOf = async (y: OpNode) =>
  (await compile({ y }, { choose })).steps.map(({ kernel }) => kernel.name);

/** Evaluates a call in plain TypeScript from random inputs, the same for every call of them. */
function evaluate(node: Node): Float32Array {
  if (node.kind === "op") return callReference(node, evaluate);
  const next = gaussian(node.name.length);
  return Float32Array.from({ length: numel(node.shape) }, () => next());
}

const wide = { ...modulatedArgs(1, 32, 32, 8, 4, 4), b: [8] };
const { b: _, ...unbiased } = wide;
const down: Conv2d = {
  x: [1, 64, 9, 9],
  w: [8, 64, 3, 3],
  b: [8],
  stride: 2,
  pad: 0,
  activate: true,
};

test("layers with few pixels and many inputs are made in parts, and give the same numbers", async () => {
  for (const y of [
    callNode(modulatedConv3x3, "y", wide),
    callNode(modulatedUpconv3x3, "y", unbiased),
    callNode(conv2d, "y", down),
  ]) {
    expect(await kernelsOf(y), y.kernel.name).toEqual(["conv_tile", "sum_parts"]);
    const fast = tile().replace(y, y.inputs);
    expect(fast.shape).toEqual(y.shape);
    expectClose(evaluate(fast), evaluate(y), 1e-5, y.kernel.name);
  }
});

test("layers with enough tiles, few inputs or odd outputs stay whole", async () => {
  const layers = [modulatedArgs(1, 512, 512, 512, 64, 64), modulatedArgs(1, 8, 8, 8, 4, 4)];
  for (const layer of [...layers, modulatedArgs(1, 32, 32, 6, 4, 4)]) {
    expect(await kernelsOf(callNode(modulatedConv3x3, "y", layer))).toEqual(["conv_tile"]);
  }
  const y = callNode(modulatedConv3x3, "y", wide);
  expect((tile(undefined, false).replace(y, y.inputs) as OpNode).kernel.name).toBe("conv_tile");
});

test("parts are as many as fill the card, of eight quads at least", () => {
  const how = { stride: 1, pad: 1, transposed: false, activate: false } as const;
  const tiles = { ...how, tile: { columns: 8, runs: 1, run: 8, quads: 1 } };
  const splits = (side: number) =>
    splitsFor({ ...modulatedArgs(1, 512, 512, 512, side, side), ...tiles }, [1, 512, side, side]);
  expect([4, 8, 16, 32, 64].map(splits)).toEqual([32, 32, 16, 4, 1]);
});

test("1x1 convolutions are made in tiles too, which read each weight for rows of 32 pixels", async () => {
  const first = { ...down, x: [1, 3, 64, 64], w: [64, 3, 1, 1], b: [64], stride: 1 } as const;
  const y = callNode(conv2d, "y", first);
  expect(await kernelsOf(y)).toEqual(["conv_tile"]);
  const fast = tile().replace(y, y.inputs) as OpNode;
  expect(fast.args).toMatchObject({ tile: { columns: 32, run: 4 }, pad: 0, activate: true });
  expectClose(evaluate(fast), evaluate(y), 1e-6, "1x1");
});
