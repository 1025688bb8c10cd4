import { decodePlain } from "./dtype";

/** Element types that readers turn into float32; all are little-endian, as WebGPU's machines are. */
export type Dtype = "F32" | "F16" | "BF16" | "F64";

export const ELEMENT_BYTES: Readonly<Record<Dtype, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

/** Exact: a bfloat16 is the upper half of a float32. */
export function decodeBf16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return new Float32Array(words.buffer);
}

/** The bytes of whole elements → float32, as decodePlain; F64 is rounded to nearest, too large gives infinity. */
export function decodeFloats(dtype: Dtype, bytes: Uint8Array): Float32Array {
  if (dtype === "F32" || dtype === "F16") return decodePlain(dtype, bytes);
  const { buffer } = new Uint8Array(bytes);
  return dtype === "BF16"
    ? decodeBf16(new Uint16Array(buffer))
    : new Float32Array(new Float64Array(buffer));
}
