import { numel } from "../tensor";
import type { Scratch } from "./byte_source";
import type { StoredTensor } from "./checkpoint";
import type { StorageRef, TensorRef } from "./pickle_values";
import { storedTensor } from "./stored";

/** The bytes [begin, begin + length) of a storage's elements. */
export type StorageReader = (
  storage: StorageRef,
  begin: number,
  length: number,
  scratch?: Scratch,
) => Promise<Uint8Array>;

/**
 * A view of a storage as a stored tensor: reads the bytes from its first element to its last, and
 * puts them in row-major order where the strides say that they lie otherwise.
 */
export function viewTensor(name: string, view: TensorRef, read: StorageReader): StoredTensor {
  const { storage, offset, shape, strides } = view;
  const { dtype, elementBytes } = storage;
  const count = numel(shape);
  const span = count && shape.reduce((sum, size, i) => sum + (size - 1) * strides[i], 1);
  return storedTensor("pytorch", name, dtype, shape, async (scratch) => {
    const bytes = await read(storage, offset * elementBytes, span * elementBytes, scratch);
    return isRowMajor(view) ? bytes : inRowOrder(view, count, bytes);
  });
}

/** Strides of sizes of 1 say nothing: PyTorch stores any value there. */
function isRowMajor({ shape, strides }: TensorRef): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return numel(shape) === 0;
    step *= shape[i];
  }
  return true;
}

function inRowOrder(view: TensorRef, count: number, bytes: Uint8Array): Uint8Array {
  const { shape, strides, storage } = view;
  const width = storage.elementBytes;
  const out = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < width; b++) out[i * width + b] = bytes[from * width + b];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return out;
}
