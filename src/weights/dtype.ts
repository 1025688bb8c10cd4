import type { Scratch } from "./byte_source";

/** Conversions between float32 and the 16-bit formats, IEEE binary16 (f16) and bfloat16. */

/** Element types that readers turn into float32; all are little-endian, as WebGPU's machines are. */
export type Dtype = "F32" | "F16" | "BF16" | "F64";

export const ELEMENT_BYTES: Readonly<Record<Dtype, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Exact: every f16 value is a float32. */
export function decodeF16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  const values = new Float32Array(words.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i];
    words[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    // Exponents are biased by 15 and by 127, subnormal ones too; 31 stands for infinity and NaN.
    if ((half & 0x7c00) === 0x7c00) words[i] |= 0x7f800000;
    else values[i] *= 2 ** 112;
  }
  return values;
}

/** Exact: a bfloat16 is the upper half of a float32. */
export function decodeBf16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return new Float32Array(words.buffer);
}

/** Rounds to nearest, ties to even, as IEEE 754 and GPUs do; beyond 65,504 gives infinity. */
export function encodeF16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (words[i] >>> 16) & 0x8000;
    const x = words[i] & 0x7fffffff;
    let half: number;
    if (x < 0x38800000) {
      // Below 2^-14 the result is subnormal: adding 0.5 makes float32 round at 2^-24.
      scratch[0] = Math.abs(values[i]) + 0.5;
      half = scratchBits[0] - 0x3f000000;
    } else if (x < 0x477ff000) {
      half = (x - 0x38000000 + 0xfff + ((x >>> 13) & 1)) >>> 13;
    } else {
      half = x > 0x7f800000 ? 0x7e00 : 0x7c00;
    }
    bits[i] = sign | half;
  }
  return bits;
}

/** The bytes of whole elements → float32; float64 is rounded to nearest, too large gives infinity. */
export function decodeFloats(dtype: Dtype, bytes: Uint8Array, scratch?: Scratch): Float32Array {
  if (dtype === "F32" && bytes.buffer === scratch?.memory) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  // Bytes that fill their buffer were read for this tensor alone. Others may lie unaligned in memory
  // that the caller owns, and are copied.
  const { buffer } = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return decodeF16(new Uint16Array(buffer));
    case "BF16":
      return decodeBf16(new Uint16Array(buffer));
    case "F64":
      return new Float32Array(new Float64Array(buffer));
  }
}
