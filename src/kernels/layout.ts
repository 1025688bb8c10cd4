import { numel, type Shape } from "../tensor";
import { encodeF16 } from "../weights/dtype";
import { quads } from "./kernel";

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
  /** Visits every number, in runs; the buffer's other numbers are padding. */
  runs(shape: Shape, visit: VisitRun): void;
}

/** `count` numbers: natural index `from` + i lies at buffer index `to` + i · `step`. */
export type VisitRun = (from: number, to: number, step: number, count: number) => void;

/**
 * Images: rows of channel quads. Element ((n h + y) ceil(c/4) + q) w + x is a vec4 of channels
 * 4q .. 4q+3, missing channels are 0. Neighbouring threads along x read neighbouring 16 bytes, and
 * rows lie outermost so that a band of rows is one range of bytes.
 */
export const IMAGE: Layout = {
  kind: "image",
  follows: true,
  elements: ([n, c, h, w]) => n * h * quads(c) * w,
  runs([n, c, h, w], visit) {
    for (let i = 0, from = 0; i < n; i++) {
      for (let ch = 0; ch < c; ch++) {
        for (let y = 0; y < h; y++, from += w) {
          visit(from, ((i * h + y) * quads(c) + (ch >> 2)) * w * 4 + (ch & 3), 4, w);
        }
      }
    }
  },
};

/** RGB that is summed over resolutions, and what leaves the network: f32 in every precision. */
export const IMAGE_F32: Layout = { ...IMAGE, follows: false };

/** Pixels (n, 4, h, w) of 0..255: one u32 each, red in its lowest byte. */
export const RGBA8: Layout = { ...IMAGE, kind: "rgba8", follows: false };

/** Rows whose length is padded with zeros to whole vec4s: biases, latents, styles, tables. */
export const VECTOR: Layout = {
  kind: "vector",
  follows: false,
  elements: (shape) => (numel(shape) / shape[shape.length - 1]) * quads(shape[shape.length - 1]),
  runs: runsOfRows,
};

/** A matrix (m, k), both sides padded to whole vec4s so that one thread reads four rows. */
export const MATRIX: Layout = {
  kind: "matrix",
  follows: false,
  elements: ([m, k]) => 4 * quads(m) * quads(k),
  runs: runsOfRows,
};

function runsOfRows(shape: Shape, visit: VisitRun): void {
  const k = shape[shape.length - 1];
  for (let row = 0; row * k < numel(shape); row++) visit(row * k, row * 4 * quads(k), 1, k);
}

/**
 * Convolution weights (cOut, cIn, k, k), where cIn is the sum of `halves`: what the first input
 * tensor holds, then the second. Per output quad, input quad and tap there are four vec4s, one for
 * each input channel, over four output channels. Order: output quad, input quad, tap, input channel.
 */
export function convWeights(halves: readonly number[], follows = true): Layout {
  const cInQuads = inputQuads(halves);
  return {
    kind: "conv_weights",
    follows,
    elements: ([cOut, , k]) => quads(cOut) * cInQuads * k * k * 4,
    runs([cOut, cIn, k], visit) {
      const slots = paddedChannels(halves);
      for (let oc = 0, from = 0; oc < cOut; oc++) {
        for (let ic = 0; ic < cIn; ic++, from += k * k) {
          const block = ((oc >> 2) * cInQuads + (slots[ic] >> 2)) * k * k;
          visit(from, block * 16 + (slots[ic] & 3) * 4 + (oc & 3), 16, k * k);
        }
      }
    },
  };
}

/** Quads of concatenated inputs, each half padded to whole ones. */
export function inputQuads(halves: readonly number[]): number {
  return halves.reduce((sum, c) => sum + quads(c), 0);
}

/** Where each channel of concatenated inputs lies when each half is padded to whole quads. */
export function paddedChannels(halves: readonly number[]): number[] {
  return halves.flatMap((c, half) => {
    const start = 4 * inputQuads(halves.slice(0, half));
    return Array.from({ length: c }, (_, i) => start + i);
  });
}

/** Bytes of one element. */
export function elementBytes(layout: Layout, precision: Precision): number {
  if (layout.kind === "rgba8") return 4;
  return layout.follows && precision === "f16" ? 8 : 16;
}

/** Bytes of a tensor's buffer. */
export function layoutBytes(layout: Layout, shape: Shape, precision: Precision): number {
  return layout.elements(shape) * elementBytes(layout, precision);
}

/**
 * The bytes of a buffer that holds `values`, which come in natural order. With `scratch`, they lie in
 * its memory if they fit: for callers that have copied them before they pack again.
 */
export function pack(
  layout: Layout,
  shape: Shape,
  values: Float32Array,
  precision: Precision,
  scratch?: ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  const count = 4 * layout.elements(shape);
  const fits = scratch && scratch.byteLength >= 4 * count;
  const memory = fits ? scratch : new ArrayBuffer(4 * count);
  const numbers = new (layout.kind === "rgba8" ? Uint8Array : Float32Array)(memory, 0, count);
  if (fits) numbers.fill(0);
  layout.runs(shape, (from, to, step, count) => {
    if (step === 1) numbers.set(values.subarray(from, from + count), to);
    else for (let i = 0; i < count; i++) numbers[to + i * step] = values[from + i];
  });
  const halves = layout.follows && precision === "f16" && numbers instanceof Float32Array;
  const packed = halves ? encodeF16(numbers) : numbers;
  return new Uint8Array(packed.buffer as ArrayBuffer, 0, packed.byteLength);
}
