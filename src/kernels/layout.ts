import { numel, type Shape } from "../tensor";
import { decodeF16, encodeF16 } from "../weights/dtype";
import { ceilDiv, quads } from "./kernel";

/** Storage type of activations and convolution weights; arithmetic is f32 in both. */
export type Precision = "f32" | "f16";

/**
 * How a tensor of a natural shape, (n, c, h, w) in row-major order, lies in a GPU buffer. The buffer
 * is an array of elements: a vec4 of f32, or of f16 where the layout follows the precision; a packed
 * pixel (u32) for RGBA8.
 */
export interface Layout {
  readonly kind: "image" | "rgba8" | "vector" | "matrix" | "conv_weights";
  /** Whether numbers are stored in the chosen precision (true) or always as f32. */
  readonly follows: boolean;
  /** Elements that a tensor of this shape takes. */
  elements(shape: Shape): number;
  /** Calls visit(natural index, buffer index) for every number; the buffer's others are padding. */
  each(shape: Shape, visit: (from: number, to: number) => void): void;
}

/**
 * Images: rows of channel quads. Element ((n h + y) ceil(c/4) + q) w + x is a vec4 of channels
 * 4q .. 4q+3, missing channels are 0. Neighbouring threads along x read neighbouring 16 bytes, and
 * rows lie outermost so that a band of rows is one range of bytes.
 */
export const IMAGE: Layout = {
  kind: "image",
  follows: true,
  elements: ([n, c, h, w]) => n * h * quads(c) * w,
  each([n, c, h, w], visit) {
    for (let i = 0, from = 0; i < n; i++) {
      for (let ch = 0; ch < c; ch++) {
        for (let y = 0; y < h; y++) {
          let to = ((i * h + y) * quads(c) + (ch >> 2)) * w * 4 + (ch & 3);
          for (let x = 0; x < w; x++, to += 4) visit(from++, to);
        }
      }
    }
  },
};

/** RGB that is summed over resolutions, and what leaves the network: f32 in every precision. */
export const IMAGE_F32: Layout = { ...IMAGE, follows: false };

/** Pixels (n, 4, h, w) of 0..255: one u32 each, red in its lowest byte. */
export const RGBA8: Layout = {
  kind: "rgba8",
  follows: false,
  elements: ([n, , h, w]) => n * h * w,
  each([n, c, h, w], visit) {
    for (let i = 0, from = 0; i < n; i++) {
      for (let ch = 0; ch < c; ch++) {
        for (let p = 0; p < h * w; p++) visit(from++, (i * h * w + p) * c + ch);
      }
    }
  },
};

/** Rows whose length is padded with zeros to whole vec4s: biases, latents, styles, tables. */
export const VECTOR: Layout = {
  kind: "vector",
  follows: false,
  elements: (shape) => (numel(shape) / shape[shape.length - 1]) * quads(shape[shape.length - 1]),
  each: eachOfRows,
};

/** A matrix (m, k), both sides padded to whole vec4s so that one thread reads four rows. */
export const MATRIX: Layout = {
  kind: "matrix",
  follows: false,
  elements: ([m, k]) => 4 * quads(m) * quads(k),
  each: eachOfRows,
};

function eachOfRows(shape: Shape, visit: (from: number, to: number) => void): void {
  const k = shape[shape.length - 1];
  for (let row = 0, from = 0; from < numel(shape); row++) {
    for (let i = 0; i < k; i++) visit(from++, row * 4 * quads(k) + i);
  }
}

/**
 * Convolution weights (cOut, cIn, k, k), where cIn is the sum of `halves`: what the first input
 * tensor holds, then the second. Per output quad, input quad and tap there are four vec4s, one for
 * each input channel, over four output channels. Order: output quad, input quad, tap, input channel.
 */
export function convWeights(halves: readonly number[], follows = true): Layout {
  const inputQuads = halves.reduce((sum, c) => sum + quads(c), 0);
  return {
    kind: "conv_weights",
    follows,
    elements: ([cOut, , k]) => quads(cOut) * inputQuads * k * k * 4,
    each([cOut, cIn, k], visit) {
      for (let oc = 0, from = 0; oc < cOut; oc++) {
        for (let ic = 0; ic < cIn; ic++) {
          const slot = paddedChannel(halves, ic);
          const block = ((oc >> 2) * inputQuads + (slot >> 2)) * k * k;
          for (let tap = 0; tap < k * k; tap++) {
            visit(from++, ((block + tap) * 4 + (slot & 3)) * 4 + (oc & 3));
          }
        }
      }
    },
  };
}

/** Where channel c of concatenated inputs lies when each half is padded to whole quads. */
export function paddedChannel(halves: readonly number[], c: number): number {
  let start = 0;
  let rest = c;
  for (const half of halves) {
    if (rest < half) return start + rest;
    rest -= half;
    start += 4 * quads(half);
  }
  throw new RangeError(`layout: channel ${c} lies beyond the halves ${halves.join(" + ")}`);
}

/** Bytes of one element. */
export function elementBytes(layout: Layout, precision: Precision): number {
  if (layout.kind === "rgba8") return 4;
  return layout.follows && precision === "f16" ? 8 : 16;
}

/** Bytes of a tensor's buffer; WebGPU wants multiples of 4. */
export function layoutBytes(layout: Layout, shape: Shape, precision: Precision): number {
  return ceilDiv(layout.elements(shape) * elementBytes(layout, precision), 4) * 4;
}

/** The bytes of a buffer that holds `values`, which come in natural order. */
export function pack(
  layout: Layout,
  shape: Shape,
  values: Float32Array,
  precision: Precision,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(layoutBytes(layout, shape, precision));
  if (layout.kind === "rgba8") {
    layout.each(shape, (from, to) => {
      bytes[to] = values[from];
    });
    return bytes;
  }
  const numbers = new Float32Array(4 * layout.elements(shape));
  layout.each(shape, (from, to) => {
    numbers[to] = values[from];
  });
  return new Uint8Array(
    layout.follows && precision === "f16" ? encodeF16(numbers).buffer : numbers.buffer,
  ) as Uint8Array<ArrayBuffer>;
}

/** The values, in natural order, that a buffer's bytes hold. */
export function unpack(
  layout: Layout,
  shape: Shape,
  bytes: ArrayBuffer,
  precision: Precision,
): Float32Array {
  const numbers =
    layout.kind === "rgba8"
      ? new Uint8Array(bytes)
      : layout.follows && precision === "f16"
        ? decodeF16(new Uint16Array(bytes))
        : new Float32Array(bytes);
  const values = new Float32Array(numel(shape));
  layout.each(shape, (from, to) => {
    values[from] = numbers[to];
  });
  return values;
}
