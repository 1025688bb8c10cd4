/** RGBA bytes, row by row, as planes of R, G and B in [-1, 1]. */
export function planesOf(rgba: Uint8ClampedArray): Float32Array {
  const count = rgba.length / 4;
  const planes = new Float32Array(3 * count);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) planes[c * count + i] = rgba[4 * i + c] / 127.5 - 1;
  }
  return planes;
}

/** Planes of R, G and B in [-1, 1] as opaque RGBA bytes; what lies outside is clipped. */
export function rgbaOf(planes: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const count = planes.length / 3;
  const rgba = new Uint8ClampedArray(4 * count).fill(255);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) rgba[4 * i + c] = 127.5 * (planes[c * count + i] + 1);
  }
  return rgba;
}
