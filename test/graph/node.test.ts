import { expect, test } from "vitest";
import { ShapeError } from "../../src/errors";
import { constant, input, op, ordered, weight } from "../../src/graph/node";
import { wholeWeight } from "../../src/graph/whole_weight";
import { conv2d } from "../../src/kernels/conv2d";
import { IMAGE } from "../../src/kernels/layout";
import { residualAdd } from "../../src/kernels/residual_add";

const x = input("x", [2, 4, 5, 5], IMAGE);
const w = weight("w", [8, 4, 3, 3]);
const padded = { stride: 1, pad: 1, activate: true } as const;

test("op infers the shape and keeps the inputs that were given", () => {
  const node = op(conv2d, "layer", { x, w, b: undefined }, padded);
  expect(node.shape).toEqual([2, 8, 5, 5]);
  expect(node.inputs).toEqual({ x, w });
  expect(node.args).toEqual({ x: x.shape, w: w.shape, ...padded });
});

test("op checks optional inputs that are there, and names the node", () => {
  const b = weight("b", [4]);
  const make = () => op(conv2d, "ecd3", { x, w, b }, padded);
  expect(make).toThrow(ShapeError);
  expect(make).toThrow("ecd3: conv2d: b (4) must be (8), to fit x (2, 4, 5, 5), w (8, 4, 3, 3)");
});

test("ordered puts every node after what it reads, once", () => {
  const first = op(conv2d, "first", { x, w: weight("w1", [4, 4, 3, 3]) }, padded);
  const second = op(conv2d, "second", { x: first, w: weight("w2", [4, 4, 3, 3]) }, padded);
  const sum = op(residualAdd, "sum", { a: first, b: second }, {});
  const order = ordered([sum, second]);
  expect(order.map(({ name }) => name)).toEqual(["x", "w1", "first", "w2", "second", "sum"]);
});

test("ordered does not recurse: a chain of ten thousand nodes", () => {
  let node = op(residualAdd, "0", { a: x, b: x }, {});
  for (let i = 1; i < 10_000; i++) node = op(residualAdd, `${i}`, { a: node, b: x }, {});
  expect(ordered([node]).length).toBe(10_001);
});

test("a constant holds as many numbers as its shape says", async () => {
  const node = constant("table", [2, 2], [1, 2, 3, 4]);
  expect([...(await wholeWeight(node, async () => new Float32Array()))]).toEqual([1, 2, 3, 4]);
  expect(() => constant("table", [2, 2], [1, 2, 3])).toThrow("node: table has 3 values");
});
