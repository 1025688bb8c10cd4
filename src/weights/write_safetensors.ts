import { WeightsError } from "../errors";
import { numel, type Shape } from "../tensor";
import type { StoredTensor } from "./checkpoint";
import { encodeF16 } from "./dtype";
import { ELEMENT_BYTES } from "./every_dtype";
import { quote } from "./quote";
import { checkFinite } from "./read_within";
import { elementCount } from "./stored";

const WHERE = "write_safetensors";

/** What is written: a tensor of any checkpoint, or one made in memory. */
export type Writable = Pick<StoredTensor, "shape" | "folded" | "read">;

/**
 * Writes a safetensors file piece by piece: first the header, then one tensor at a time, so that
 * never more than one tensor is in memory. Folded factors are divided out: the file holds the
 * parameters as published checkpoints do.
 *
 * Units     dtype "F16" rounds to nearest, ties to even
 * Errors    WeightsError naming the tensor: a value that is NaN, infinite, or too large for f16;
 *           a reader that returns another number of values than its shape says
 * Source    the safetensors format, README of its reference implementation
 */
export async function* writeSafetensors(
  tensors: ReadonlyMap<string, Writable>,
  metadata: ReadonlyMap<string, string>,
  dtype: "F32" | "F16",
): AsyncGenerator<Uint8Array, void, undefined> {
  yield encodeHeader(tensors, metadata, dtype);
  for (const [name, tensor] of tensors) {
    const { shape, folded } = tensor;
    const stored = await tensor.read();
    if (stored.length !== numel(shape)) {
      throw new WeightsError(
        `${WHERE}: ${quote(name)} delivered ${stored.length} values, its shape holds ${numel(shape)}`,
      );
    }
    const values = folded === 1 ? stored : stored.map((value) => value / folded);
    checkFinite(WHERE, name, values);
    yield bytesOf(dtype === "F16" ? toF16(name, values) : values);
  }
}

function encodeHeader(
  tensors: ReadonlyMap<string, { readonly shape: Shape }>,
  metadata: ReadonlyMap<string, string>,
  dtype: "F32" | "F16",
): Uint8Array {
  // Pairs, not an object: a tensor may be called "__proto__", and numbers would be moved ahead.
  const fields: string[] = [];
  const add = (key: string, value: unknown) =>
    fields.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  if (metadata.size > 0) add("__metadata__", Object.fromEntries(metadata));
  let end = 0;
  for (const [name, { shape }] of tensors) {
    if (name === "__metadata__") {
      throw new WeightsError(`${WHERE}: a tensor cannot be called "__metadata__"; rename it`);
    }
    const begin = end;
    end += elementCount(WHERE, name, shape) * ELEMENT_BYTES[dtype];
    add(name, { dtype, shape, data_offsets: [begin, end] });
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  // Spaces up to a multiple of 8, so that every element lies at an address of its own size.
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}

function toF16(name: string, values: Float32Array): Uint16Array {
  const bits = encodeF16(values);
  const over = bits.findIndex((h) => (h & 0x7fff) === 0x7c00);
  if (over >= 0) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} holds ${values[over]} at index ${over}, too large for f16 (65504 at most); write it as F32`,
    );
  }
  return bits;
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
