/** Luminance of red, green and blue by the weights of BT.601, as OpenCV's YUV has it. */
export function luminance([r, g, b]: readonly number[]): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}
