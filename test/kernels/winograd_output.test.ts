import { expect, test } from "vitest";
import { conv2d } from "../../src/kernels/conv2d";
import { winogradWeights, winogradWeightsShape } from "../../src/kernels/winograd";
import { winogradInput } from "../../src/kernels/winograd_input";
import { winogradOutput } from "../../src/kernels/winograd_output";
import { winogradProduct } from "../../src/kernels/winograd_product";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel, type Shape } from "../../src/tensor";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;

function random(shape: Shape, seed: number): Float32Array {
  const next = gaussian(seed);
  return Float32Array.from({ length: numel(shape) }, () => next());
}

/** y = act(conv(x, w) + b) through the three references. */
function throughTiles(shapes: { x: Shape; w: Shape; b: Shape }) {
  const [x, w, b] = [shapes.x, shapes.w, shapes.b].map(random);
  const [n, cIn, h, width] = shapes.x;
  const patches = referenceOf(winogradInput)({ x: shapes.x }, { x });
  const product = {
    x: winogradInput.outputShape({ x: shapes.x }),
    w: winogradWeightsShape(shapes.w[0], [cIn]),
    tile,
  };
  const parts = Array.from(winogradWeights(w, shapes.w[0], [cIn]), (part) => [...part]);
  const transformed = Float32Array.from(parts.flat());
  const output = {
    x: winogradProduct.outputShape(product),
    b: shapes.b,
    activate: true,
    cOut: shapes.w[0],
    h,
    width,
  };
  expect(winogradOutput.outputShape(output)).toEqual([n, shapes.w[0], h, width]);
  const products = referenceOf(winogradProduct)(product, { x: patches, w: transformed });
  const how = { stride: 1, pad: 1, activate: true } as const;
  return {
    got: referenceOf(winogradOutput)(output, { x: products, b }),
    want: referenceOf(conv2d)({ ...shapes, ...how }, { x, w, b }),
  };
}

test.each([
  ["whole tiles and quads", { x: [1, 8, 8, 8], w: [4, 8, 3, 3], b: [4] }],
  ["sides and channels that fill neither", { x: [2, 5, 7, 9], w: [6, 5, 3, 3], b: [6] }],
  ["one pixel", { x: [1, 1, 1, 1], w: [1, 1, 3, 3], b: [1] }],
  ["64 channels", { x: [1, 64, 8, 4], w: [8, 64, 3, 3], b: [8] }],
])("winograd: the three references make conv2d's numbers: %s", (what, shapes) => {
  const { got, want } = throughTiles(shapes);
  // A transformed input is up to 20 times as large as the input, and so are its roundings.
  expectClose(got, want, 1e-5, what);
});

const given = { activate: false, cOut: 5, h: 6, width: 9 } as const;

checkRefusals(winogradOutput, [
  [
    { ...given, x: [1, 288, 2, 2] },
    "winograd_output of (n, 5, 6, 9): x (1, 288, 2, 2) must be (n, 288, 2, 3)",
  ],
  [
    { ...given, x: [2, 288, 2, 3], d: [2, 8], dFirst: 4 },
    "winograd_output: demodulation 4 to 9 must lie within d (2, 8), in whole quads",
  ],
  [
    { ...given, x: [2, 288, 2, 3], b: [8] },
    "winograd_output of (n, 5, 6, 9): b (8) must be (5), to fit x (2, 288, 2, 3)",
  ],
]);
