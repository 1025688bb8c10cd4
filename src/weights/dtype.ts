/** Conversions between float32 and IEEE binary16 (f16). */

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

/**
 * The bytes of whole elements → float32. Where they lie at an address of their own size, F32 is a view of
 * them, not to be changed.
 */
export function decodePlain(dtype: "F32" | "F16", bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 ? new Uint8Array(bytes) : bytes;
  return dtype === "F32"
    ? new Float32Array(buffer, byteOffset, byteLength / 4)
    : decodeF16(new Uint16Array(buffer, byteOffset, byteLength / 2));
}
