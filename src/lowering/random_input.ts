import { elementBytes, type Layout, type Precision } from "../kernels/layout";
import { unpack } from "../kernels/unpack";
import { uniform } from "../random";
import type { Shape } from "../tensor";
import { encodeF16 } from "../weights/dtype";

/**
 * A tensor of random numbers of variance 1 that is never made as a whole: its buffer repeats one
 * block, read from `start` on. GPEN-512's largest inputs have 17 million numbers, which would take a
 * second to draw and to pack, half of what tuning may take.
 */
export interface RandomInput {
  readonly shape: Shape;
  readonly layout: Layout;
  /** Where in the block its first element lies. */
  readonly start: number;
}

/** Elements of the block: a prime, so that no two rows of an image of any published size are equal. */
const PERIOD = 262_147;
/** Starts of two inputs lie this many elements apart. */
const APART = 104_729;
const WIDTH = 2 * Math.sqrt(3); // a uniform distribution of this width has variance 1

let block: Readonly<Record<Precision, Uint8Array<ArrayBuffer>>> | undefined;

function blockOf(precision: Precision): Uint8Array<ArrayBuffer> {
  if (!block) {
    const next = uniform(1);
    const numbers = Float32Array.from({ length: 4 * PERIOD }, () => WIDTH * (next() - 0.5));
    const halves = encodeF16(numbers);
    block = {
      f32: new Uint8Array(numbers.buffer),
      f16: new Uint8Array(halves.buffer as ArrayBuffer, halves.byteOffset, halves.byteLength),
    };
  }
  return block[precision];
}

/** The i-th input of a call. */
export function randomInput(shape: Shape, layout: Layout, i: number): RandomInput {
  return { shape, layout, start: (i * APART) % PERIOD };
}

/** The bytes of `count` elements from `first` on, in pieces that lie within the block. */
export function* randomPieces(
  { layout, start }: RandomInput,
  first: number,
  count: number,
  precision: Precision,
): Generator<Uint8Array<ArrayBuffer>> {
  const bytes = elementBytes(layout, precision);
  const source = blockOf(layout.follows ? precision : "f32");
  for (let done = 0; done < count; ) {
    const from = (start + first + done) % PERIOD;
    const step = Math.min(count - done, PERIOD - from);
    yield source.subarray(from * bytes, (from + step) * bytes);
    done += step;
  }
}

/** Fills a buffer with the whole input; numbers that only fill up quads are random too. */
export function writeRandom(
  queue: GPUQueue,
  buffer: GPUBuffer,
  random: RandomInput,
  precision: Precision,
): void {
  let at = 0;
  for (const piece of randomPieces(random, 0, random.layout.elements(random.shape), precision)) {
    queue.writeBuffer(buffer, at, piece);
    at += piece.byteLength;
  }
}

/** All values in natural order. */
export function randomValues(random: RandomInput, precision: Precision): Float32Array {
  const count = random.layout.elements(random.shape);
  return unpack(random.layout, random.shape, joined(random, 0, count, precision), precision);
}

/** Rows [first, end) of one sample of an image in natural order, (c, end - first, w). */
export function randomRows(
  random: RandomInput,
  sample: number,
  [first, end]: readonly [number, number],
  precision: Precision,
): Float32Array {
  const [, c, h, w] = random.shape;
  const { layout } = random;
  const shape = [1, c, end - first, w];
  const at = layout.elements([1, c, sample * h + first, w]);
  const bytes = joined(random, at, layout.elements(shape), precision);
  return unpack(layout, shape, bytes, precision);
}

function joined(random: RandomInput, first: number, count: number, precision: Precision) {
  const bytes = new Uint8Array(count * elementBytes(random.layout, precision));
  let at = 0;
  for (const piece of randomPieces(random, first, count, precision)) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes.buffer;
}
