import { type WinogradOutput, winogradOutput } from "../../src/kernels/winograd_output";
import { checkKernel } from "./check_kernel";

/** The tiles of y (n, cOut, h, width), with factors and biases. */
function output(n: number, cOut: number, h: number, width: number): WinogradOutput {
  const padded = 4 * Math.ceil(cOut / 4);
  return {
    x: [n, 36 * padded, Math.ceil(h / 4), Math.ceil(width / 4)],
    d: [n, 4 + padded],
    dFirst: 4,
    b: [cOut],
    activate: true,
    cOut,
    h,
    width,
  };
}

/** A buffer's padding is 0 where winograd_product made it; so it is where channels are whole quads. */
checkKernel<WinogradOutput>(winogradOutput, {
  tolerance: 2e-6, // two sums of up to five terms
  cases: [
    { why: "batch 3, sides that fill no tile", args: output(3, 8, 5, 33) },
    { why: "one pixel", args: output(1, 4, 1, 1) },
    { why: "two workgroups", args: output(1, 4, 19, 30) },
    {
      why: "neither factors, biases nor activation",
      args: { ...output(1, 4, 4, 8), d: undefined, b: undefined, activate: false },
    },
  ],
  bands: [{ why: "whole tiles, batch 2", args: output(2, 4, 11, 9), bindingBytes: 2560 }],
});
