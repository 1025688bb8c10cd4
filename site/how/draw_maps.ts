import { paint } from "../dom";
import type { Activation } from "./activations";

/** Maps of a contact sheet along its side. */
const ACROSS = 4;
/** Pixels of a map at most; larger ones are thinned. */
const LARGEST_MAP = 96;

/** The channels in which most happens, each from its darkest to its brightest, as a contact sheet. */
export function drawMaps(canvas: HTMLCanvasElement, { shape, values }: Activation): void {
  const [, c, h, w] = shape;
  const own = values.subarray(0, c * h * w);
  const chosen = liveliest(own, c, h * w, ACROSS * ACROSS);
  const step = Math.max(1, Math.ceil(w / LARGEST_MAP));
  const side = Math.ceil(w / step);
  const gap = side >= 32 ? 2 : 0;
  const pitch = side + gap;
  canvas.width = canvas.height = ACROSS * pitch - gap;
  canvas.toggleAttribute("data-pixels", side <= 32);
  const context = paint(canvas);
  for (const [i, { channel, low, high }] of chosen.entries()) {
    const tile = context.createImageData(side, side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const v = own[channel * h * w + y * step * w + x * step];
        grey(tile.data, y * side + x, (v - low) / (high - low || 1));
      }
    }
    context.putImageData(tile, (i % ACROSS) * pitch, Math.floor(i / ACROSS) * pitch);
  }
}

/** The n channels of the largest variance, with the range to show: 2.2 deviations hold nearly all. */
function liveliest(values: Float32Array, c: number, size: number, n: number) {
  const all = Array.from({ length: c }, (_, channel) => {
    let [sum, squares] = [0, 0];
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      sum += values[i];
      squares += values[i] * values[i];
    }
    const mean = sum / size;
    const deviation = Math.sqrt(Math.max(0, squares / size - mean * mean));
    return { channel, deviation, low: mean - 2.2 * deviation, high: mean + 2.2 * deviation };
  });
  return all.sort((a, b) => b.deviation - a.deviation).slice(0, n);
}

function grey(data: Uint8ClampedArray, pixel: number, share: number): void {
  data.fill(255 * share, 4 * pixel, 4 * pixel + 3);
  data[4 * pixel + 3] = 255;
}

/**
 * A picture in [-1, 1] (or [0, 1]). What toRGB has added up at the small sizes is nearly grey: it is
 * shown with more contrast, and how much more is what comes back.
 */
export function drawPicture(
  canvas: HTMLCanvasElement,
  { shape, values }: Activation,
  normalised: boolean,
): number {
  const [, , h, w] = shape;
  Object.assign(canvas, { width: w, height: h });
  canvas.toggleAttribute("data-pixels", w <= 64);
  const centre = normalised ? 0 : 0.5;
  const reach = values.reduce((most, v) => Math.max(most, Math.abs(v - centre)), 1e-6);
  const full = normalised ? 1 : 0.5;
  const contrast = Math.max(1, Math.floor((0.9 * full) / reach));
  const image = paint(canvas).createImageData(w, h);
  for (let i = 0; i < h * w; i++) {
    for (let c = 0; c < 3; c++) {
      const v = (values[c * h * w + i] - centre) * contrast;
      image.data[4 * i + c] = 127.5 * (1 + v / full);
    }
    image.data[4 * i + 3] = 255;
  }
  paint(canvas).putImageData(image, 0, 0);
  return contrast;
}

/** Numbers as cells: the stronger the farther from 0; `colour` for those above it, grey for those below. */
export function drawVector(
  canvas: HTMLCanvasElement,
  { values }: Activation,
  colour: readonly [number, number, number],
): void {
  const rows = Math.max(1, Math.round(Math.sqrt(values.length / 8)));
  const columns = Math.ceil(values.length / rows);
  Object.assign(canvas, { width: columns, height: rows });
  canvas.toggleAttribute("data-pixels", true);
  const most = values.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1e-9);
  const image = paint(canvas).createImageData(columns, rows);
  for (const [i, v] of values.entries()) {
    const [r, g, b] = v > 0 ? colour : [128, 128, 128];
    image.data.set([r, g, b, 255 * Math.sqrt(Math.abs(v) / most)], 4 * i);
  }
  paint(canvas).putImageData(image, 0, 0);
}
