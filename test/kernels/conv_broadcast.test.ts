import { test } from "vitest";
import { convBroadcast } from "../../src/kernels/conv_broadcast";
import { conv2d } from "../../src/kernels/conv2d";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { gaussian } from "../../src/random";
import { referenceOf } from "../../src/references/references";
import { numel, type Shape } from "../../src/tensor";
import { expectClose } from "../compare";
import { checkRefusals } from "./check_reference";

const tile = { lanes: 4, loaded: 1, loads: 2, run: 2 } as const;
const plain = { stride: 1, pad: 1, transposed: false, activate: false, tile } as const;

function random<Name extends string>(shapes: Record<Name, Shape>): Record<Name, Float32Array> {
  const next = gaussian(7);
  const values = Object.entries<Shape>(shapes).map(([name, shape]) => [
    name,
    Float32Array.from({ length: numel(shape) }, () => next()),
  ]);
  return Object.fromEntries(values);
}

/** Styles of 1, so that modulated and plain inputs are the same. */
const ones = (count: number) => new Float32Array(count).fill(1);

test("conv_broadcast: the reference is conv2d's", () => {
  const shapes = { x: [2, 5, 7, 6], w: [3, 5, 3, 3], b: [3] };
  const inputs = random(shapes);
  const how = { stride: 2, pad: 0, activate: true } as const;
  const want = referenceOf(conv2d)({ ...shapes, ...how }, inputs);
  const got = referenceOf(convBroadcast)({ ...shapes, ...how, transposed: false, tile }, inputs);
  expectClose(got, want, 1e-6, "conv2d");
});

test("conv_broadcast: the reference is that of the modulated kernels", () => {
  const shapes = { x: [2, 4, 3, 5], w: [3, 4, 3, 3], d: [2, 8], b: [3] };
  const { b, ...inputs } = random(shapes);
  const modulated = { ...shapes, s: [2, 4], sFirst: 0, dFirst: 4 };
  const styled = { ...inputs, s: ones(8) };
  const how = { dFirst: 4, tile, stride: 1 } as const;
  expectClose(
    referenceOf(convBroadcast)(
      { ...shapes, ...how, pad: 1, transposed: false, activate: true },
      { ...inputs, b },
    ),
    referenceOf(modulatedConv3x3)(modulated, { ...styled, b }),
    1e-6,
    "modulated_conv3x3",
  );
  const { b: _, ...up } = shapes;
  expectClose(
    referenceOf(convBroadcast)(
      { ...up, ...how, pad: 0, transposed: true, activate: false },
      inputs,
    ),
    referenceOf(modulatedUpconv3x3)({ ...modulated, ...up }, styled),
    1e-6,
    "modulated_upconv3x3",
  );
});

checkRefusals(convBroadcast, [
  [
    { x: [1, 4, 8, 8], w: [2, 3, 3, 3], ...plain },
    "conv2d: w (2, 3, 3, 3) must be (cOut, 4, k, k), to fit x (1, 4, 8, 8)",
  ],
  [
    { x: [1, 4, 8, 8], w: [8, 4, 3, 3], d: [1, 4], dFirst: 0, ...plain },
    "conv_broadcast: demodulation 0 to 8 must lie within d (1, 4), in whole quads",
  ],
]);
