import { products, type WinogradConv } from "../kernels/winograd_conv";
import type { Reference } from "./reference";
import { winogradOutputReference } from "./winograd_output";
import { winogradProductReference } from "./winograd_product";

/** The plain twin of shaders/winograd_conv.wgsl; its contract is that of kernels/winograd_conv.ts. */
export const winogradConvReference: Reference<WinogradConv> = (args, { x, w, ...inputs }) => {
  const product = winogradProductReference(args, { x, w });
  return winogradOutputReference({ ...args, x: products(args) }, { ...inputs, x: product });
};
