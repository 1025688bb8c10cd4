import { WeightsError } from "../errors";
import { numel, type Shape, show } from "../tensor";
import type { Scratch } from "./byte_source";
import type { StoredTensor } from "./checkpoint";
import { type Dtype, decodeFloats, ELEMENT_BYTES } from "./every_dtype";
import { quote } from "./quote";
import { checkFinite } from "./read_within";

/** No GPEN has a larger tensor: the largest is 1024·512·3·3 ≈ 2^22. 2^28 floats are 1 GiB. */
export const MAX_ELEMENTS = 2 ** 28;
const MAX_RANK = 8; // a modulated convolution has 5

/**
 * The number of elements of a shape that a file gives.
 * Errors: WeightsError if a size is not a whole number ≥ 0 or the product exceeds 2^28.
 */
export function elementCount(where: string, name: string, shape: Shape): number {
  if (shape.length > MAX_RANK) {
    throw new WeightsError(
      `${where}: ${quote(name)} has ${shape.length} dimensions; at most ${MAX_RANK} are read`,
    );
  }
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new WeightsError(
        `${where}: ${quote(name)} has shape ${show(shape)}; every size must be a whole number, 0 or more`,
      );
    }
  }
  const count = numel(shape);
  // A zero among huge sizes must not hide a product that is out of range on the way.
  if (!(count <= MAX_ELEMENTS) || shape.some((size) => size > MAX_ELEMENTS)) {
    throw new WeightsError(
      `${where}: ${quote(name)} has shape ${show(shape)}; at most 2^28 elements are read`,
    );
  }
  return count;
}

/**
 * A tensor of a file whose elements are `dtype`; `bytes` delivers them in row-major order.
 * Types that are not floating point ("I64", ...) can be listed but not read: nothing in a GPEN
 * is stored so, and a counter that a training framework left behind must not stop the reader.
 */
export function storedTensor(
  where: string,
  name: string,
  dtype: string,
  shape: Shape,
  bytes: (scratch?: Scratch) => Promise<Uint8Array>,
): StoredTensor {
  if (!isFloat(dtype)) {
    const refuse = async () => {
      throw new WeightsError(
        `${where}: ${quote(name)} is stored as ${dtype}; weights must be ${Object.keys(ELEMENT_BYTES).join(", ")}`,
      );
    };
    // The interface knows floating-point types alone; F64 promises the least about precision.
    return { shape, dtype: "F64", folded: 1, read: refuse };
  }
  const read = async (scratch?: Scratch) =>
    checkFinite(where, name, decodeFloats(dtype, await bytes(scratch)));
  return { shape, dtype, folded: 1, read };
}

export function isFloat(dtype: string): dtype is Dtype {
  return Object.hasOwn(ELEMENT_BYTES, dtype);
}
