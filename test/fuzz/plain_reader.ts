/**
 * Reads the same formats as src/weights in the plainest way: all in memory, nothing checked, no
 * line shared with the readers. Where a damaged file still opens, both must say the same.
 */
export interface PlainTensor {
  readonly shape: readonly number[];
  /** Worked out when asked for, as damage may have made it impossible; integers are left NaN. */
  readonly values: () => Float32Array;
}

export type Tensors = Map<string, PlainTensor>;

/** One element as float32, by the definition of its type. */
export function element(dtype: string, view: DataView, at: number): number {
  if (dtype === "F64") return Math.fround(view.getFloat64(at, true));
  if (dtype === "F32") return view.getFloat32(at, true);
  const bits = view.getUint16(at, true);
  const [exponentBits, bias] = dtype === "F16" ? [5, 15] : [8, 127];
  const fractionBits = 15 - exponentBits;
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction ? Number.NaN : sign / 0;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}

export const WIDTH: Record<string, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function plainSafetensors(bytes: Uint8Array): Tensors {
  const length = Number(viewOf(bytes).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString("utf8"));
  const tensors: Tensors = new Map();
  for (const name of Object.keys(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets } = header[name];
    const values = () => {
      const count = shape.reduce((a: number, b: number) => a * b, 1);
      const view = viewOf(bytes.subarray(8 + length + data_offsets[0]));
      return elements(dtype, view, count, (index) => index);
    };
    tensors.set(name, { shape, values });
  }
  return tensors;
}

/** `count` elements of which number i is number place(i) of the view. */
export function elements(
  dtype: string | undefined,
  view: DataView,
  count: number,
  place: (i: number) => number,
): Float32Array {
  const values = new Float32Array(count).fill(Number.NaN);
  if (!dtype || !(dtype in WIDTH)) return values;
  for (let i = 0; i < count; i++) values[i] = element(dtype, view, place(i) * WIDTH[dtype]);
  return values;
}
