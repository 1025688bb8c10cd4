/** Seeded damage to files. The same seed gives the same files, on any machine. */

/** xorshift32 (Marsaglia 2003): whole numbers from 0 to below n. */
export function xorshift(seed: number): (n: number) => number {
  let x = seed | 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

type Random = (n: number) => number;
type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Lengths, offsets and sizes that have broken readers: ends of types, and off by one. */
const NUMBERS = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 2 ** 24, 2 ** 28, 2 ** 31 - 1];
const LARGE = [2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  for (let n = 1 + random(4); n > 0; n--) out[random(out.length)] ^= 1 << random(8);
  return out;
}

function setBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  for (let n = 1 + random(3); n > 0; n--) out[random(out.length)] = random(256);
  return out;
}

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random(bytes.length));
}

/** Copies a piece of the file over, or in front of, another place. */
function splice(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random(bytes.length);
  const piece = bytes.subarray(from, from + 1 + random(64));
  const to = random(bytes.length);
  const kept = random(2) ? to : to + piece.length;
  return join(bytes.subarray(0, to), piece, bytes.subarray(kept));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random(bytes.length);
  return join(bytes.subarray(0, from), bytes.subarray(from + 1 + random(32)));
}

function editLength(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  const width = [1, 2, 4, 8][random(4)];
  const value = random(2)
    ? BigInt(NUMBERS[random(NUMBERS.length)] + random(3))
    : LARGE[random(LARGE.length)] - BigInt(random(3));
  const at = random(out.length);
  for (let i = 0; i < width && at + i < out.length; i++)
    out[at + i] = Number((value >> BigInt(8 * i)) & 255n);
  return out;
}

/** Changes a digit of text: shapes and offsets of headers, numbers in names. */
function editDigit(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  const start = random(out.length);
  for (let i = 0; i < out.length; i++) {
    const at = (start + i) % out.length;
    if (out[at] < 0x30 || out[at] > 0x39) continue;
    out[at] = 0x30 + random(10);
    break;
  }
  return out;
}

const MUTATIONS: readonly Mutation[] = [
  ...[flipBits, flipBits, setBytes, truncate, splice, remove, editLength, editLength, editDigit],
];

/** One or two mutations, chosen by chance. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes;
  for (let n = 1 + (random(4) === 0 ? 1 : 0); n > 0 && out.length > 0; n--) {
    out = MUTATIONS[random(MUTATIONS.length)](out, random);
  }
  return out;
}
