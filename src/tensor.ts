/**
 * Shapes and tensors as the CPU sees them: (n, c, h, w), row-major, float32.
 * The batch dimension comes first and is never assumed to be 1. How a tensor lies in a GPU buffer
 * is said in kernels/layout.ts.
 */
export type Shape = readonly number[];

export interface Tensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export function numel(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as error messages print it: "(1, 64, 32, 32)". */
export function show(shape: Shape): string {
  return `(${shape.join(", ")})`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** Of a picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
