import { POSITIONS, weightIndex } from "../kernels/winograd";
import { type WinogradProduct, winogradProduct } from "../kernels/winograd_product";
import type { Reference } from "./reference";

/** The plain twin of shaders/winograd_product.wgsl; its contract is that of kernels/winograd_product.ts. */
export const winogradProductReference: Reference<WinogradProduct> = (args, { x, w }) => {
  const [n, c, rows, columns] = winogradProduct.outputShape(args);
  const [cOut, cIn, plane] = [c / POSITIONS, args.w[1], rows * columns];
  const y = new Float32Array(n * c * plane);
  for (let i = 0; i < n * POSITIONS; i++) {
    for (let oc = 0; oc < cOut; oc++) {
      for (let tile = 0; tile < plane; tile++) {
        let sum = 0;
        for (let ic = 0; ic < cIn; ic++)
          sum += x[(i * cIn + ic) * plane + tile] * w[weightIndex(args.w, [i % POSITIONS, oc, ic])];
        y[(i * cOut + oc) * plane + tile] = sum;
      }
    }
  }
  return y;
};
