import { WeightsError } from "../errors";
import { type Shape, show } from "../tensor";
import { decodeF16 } from "./dtype";
import { type Dtype, decodeFloats, ELEMENT_BYTES } from "./every_dtype";
import type { Constant, Numbers } from "./onnx_constant";
import { type Field, type Protobuf, readVarint } from "./protobuf";
import { quote } from "./quote";
import { elementCount } from "./stored";

const WHERE = "onnx";
const MAX_RANK = 16; // upsampling by reshapes needs 6

/** TensorProto.DataType: floating-point types by the names that weights have here, whole numbers. */
const FLOATS: Readonly<Record<number, Dtype>> = { 1: "F32", 10: "F16", 11: "F64", 16: "BF16" };
const WHOLE: Readonly<Record<number, number>> = { 2: 1, 3: 1, 6: 4, 7: 8, 9: 1 };

/** A TensorProto, field by field. Elements stay in the file until they are asked for. */
interface Raw {
  dims: number[];
  type: number;
  name: string;
  external: boolean;
  /** raw_data, float_data, int32_data, int64_data or double_data; each may come in parts. */
  elements: Field[];
}

/**
 * One TensorProto as a constant.
 * Errors: WeightsError for elements in another file, of a type without numbers, or too few.
 */
export async function readTensor(
  file: Protobuf,
  field: Field,
  fallback: string,
): Promise<{ name: string; constant: Constant }> {
  const raw = await readFields(file, field);
  const name = raw.name || fallback;
  if (raw.external) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} lies in another file (external data); save the model as a single file`,
    );
  }
  if (raw.dims.length > MAX_RANK) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} has ${raw.dims.length} sizes, at most ${MAX_RANK}`,
    );
  }
  const count = elementCount(WHERE, name, raw.dims);
  const dtype = FLOATS[raw.type] ?? "I64";
  const load = async () => loadElements(file, raw, name, count);
  checkBytes(raw, name, count);
  const constant: Constant = {
    ...{ kind: "constant", shape: raw.dims, scale: 1, dtype, origin: name, depth: 0 },
    load: memo(load, count),
  };
  return { name, constant };
}

// Sizes, scalars and taps are asked for many times; larger tensors stay in the file.
function memo(load: () => Promise<Numbers>, count: number): () => Promise<Numbers> {
  let kept: Promise<Numbers> | undefined;
  if (count > 64) return load;
  return () => {
    kept ??= load();
    return kept;
  };
}

async function readFields(file: Protobuf, field: Field): Promise<Raw> {
  const raw: Raw = { dims: [], type: 0, name: "", external: false, elements: [] };
  for (const f of await file.fields(field.offset, field.length)) {
    if (f.number === 1) raw.dims.push(...(await wholeNumbers(file, f, MAX_RANK + 1)));
    else if (f.number === 2) raw.type = f.value;
    else if (f.number === 8) raw.name = await file.text(f);
    else if (f.number === 13 || (f.number === 14 && f.value === 1)) raw.external = true;
    else if ([4, 5, 7, 9, 10].includes(f.number)) raw.elements.push(f);
  }
  return raw;
}

function elementBytes(type: number): number {
  return type in FLOATS ? ELEMENT_BYTES[FLOATS[type]] : (WHOLE[type] ?? 0);
}

/** Lengths can be told before anything is read, except for packed varints. */
function checkBytes(raw: Raw, name: string, count: number): void {
  const bytes = elementBytes(raw.type);
  if (bytes === 0) return; // texts and complex numbers: an error only if something needs them
  const fields = new Set(raw.elements.map((f) => f.number));
  const have = raw.elements.reduce((n, f) => n + f.length, 0);
  const packed = fields.has(5) || fields.has(7);
  const sizes = fields.has(9) ? bytes : fields.has(10) ? 8 : 4;
  const fits = packed
    ? raw.elements.every((f) => f.wire === 0) || have >= count
    : have === count * sizes;
  if (fields.size > 1 || !fits) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} ${show(raw.dims)} has ${have} bytes of elements, ${count} elements are expected; the file is damaged`,
    );
  }
}

async function loadElements(
  file: Protobuf,
  raw: Raw,
  name: string,
  count: number,
): Promise<Numbers> {
  const shape: Shape = raw.dims;
  const parts = [];
  for (const field of raw.elements) parts.push(await decodePart(file, field, raw.type, count));
  const whole = parts.length === 1 ? parts[0] : Float64Array.from(parts.flatMap((p) => [...p]));
  const data = raw.type in FLOATS && parts.length !== 1 ? Float32Array.from(whole) : whole;
  if (data.length !== count || elementBytes(raw.type) === 0) {
    throw new WeightsError(
      `${WHERE}: ${quote(name)} ${show(shape)} holds ${data.length} elements of type ${raw.type}; ${count} numbers are expected`,
    );
  }
  return { shape, data };
}

async function decodePart(
  file: Protobuf,
  field: Field,
  type: number,
  count: number,
): Promise<Float32Array | Float64Array> {
  if (field.number === 5 || field.number === 7) {
    const whole = await wholeNumbers(file, field, count);
    if (type === 10) return decodeF16(Uint16Array.from(whole));
    if (type === 16) return decodeFloats("BF16", new Uint8Array(Uint16Array.from(whole).buffer));
    return Float64Array.from(whole);
  }
  const bytes = await file.bytes(field);
  if (field.number === 4) return decodeFloats("F32", bytes);
  if (field.number === 10) return decodeFloats("F64", bytes);
  if (type in FLOATS) return decodeFloats(FLOATS[type], bytes);
  return decodeWhole(bytes, elementBytes(type));
}

function decodeWhole(bytes: Uint8Array, size: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (i: number) => {
    if (size === 8) return Number(view.getBigInt64(8 * i, true));
    return size === 4 ? view.getInt32(4 * i, true) : view.getUint8(i);
  };
  return Float64Array.from({ length: bytes.length / (size || 1) }, (_, i) => at(i));
}

/** A repeated whole number: one of several fields, or all packed into one. At most `limit`. */
export async function wholeNumbers(file: Protobuf, field: Field, limit: number): Promise<number[]> {
  if (field.wire === 0) return [field.value];
  const bytes = await file.bytes(field);
  const values: number[] = [];
  for (let i = 0; i < bytes.length && values.length <= limit; ) {
    const { value, length } = readVarint(WHERE, bytes, i, field.offset + i);
    values.push(value);
    i += length;
  }
  return values;
}

/** A repeated float: one of several fields, or all packed into one. */
export async function floatNumbers(file: Protobuf, field: Field): Promise<number[]> {
  if (field.length % 4 || field.length > 262144) {
    throw new WeightsError(
      `${WHERE}: ${field.length} bytes of floats at byte ${field.offset} must be at most 65536 whole numbers of 4 bytes; the file is damaged`,
    );
  }
  return [...decodeFloats("F32", await file.bytes(field))];
}
