/**
 * Element types of weights files and their conversion to and from float32. All of them are
 * little-endian, and so is every machine that runs WebGPU: typed arrays read the bytes as they lie.
 */
export type Dtype = "F32" | "F16" | "BF16" | "F64";

export const ELEMENT_BYTES: Readonly<Record<Dtype, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8 };

/** Largest finite half float; values from 65520 on round to infinity (IEEE 754 binary16). */
export const F16_MAX = 65504;

/** IEEE 754 binary16 bits → float32, exact for all 65536 patterns (subnormals, infinities, NaN). */
export function decodeF16(bits: Uint16Array): Float32Array {
  const values = f16Values();
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = values[bits[i]];
  return out;
}

/** bfloat16 bits → float32, exact: bfloat16 is the upper half of a float32. */
export function decodeBf16(bits: Uint16Array): Float32Array {
  const out = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = bits[i] << 16;
  return new Float32Array(out.buffer);
}

/** float32 → IEEE 754 binary16 bits, round to nearest even; what is too large becomes infinity. */
export function encodeF16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.slice().buffer);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = encodeHalf(bits[i]);
  return out;
}

/** The bytes of whole elements → float32; float64 is rounded to nearest, too large becomes infinity. */
export function decodeFloats(dtype: Dtype, bytes: Uint8Array): Float32Array {
  // A copy of its own: aligned for any element, and not a view of memory that the caller owns.
  const { buffer } = new Uint8Array(bytes);
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

let halves: Float32Array | undefined;

/** Every half float by its bits: 256 kB, made once, five times as fast as arithmetic per value. */
function f16Values(): Float32Array {
  if (!halves) {
    halves = new Float32Array(65536);
    for (let h = 0; h < 65536; h++) halves[h] = decodeHalf(h);
  }
  return halves;
}

function decodeHalf(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 31;
  const fraction = h & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function encodeHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520, halfway to the next step, and above
  if (magnitude >= 0x38800000) {
    // Rebias the exponent by 112, then add half a step, or just less where the kept bit is even.
    const odd = (magnitude >>> 13) & 1;
    return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below 2^-25, half of the smallest subnormal
  const shift = 126 - (magnitude >>> 23); // 14 to 24 places between the fraction and 2^-24
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction - kept * 2 ** shift;
  const half = 2 ** (shift - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}
