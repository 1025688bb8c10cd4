/** A picture (3, side, side) of integers in [-1, 1], the same as in make_golden.py. */
export function picture(side: number): Float32Array {
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [x, y, c] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
    return ((7 * x + 13 * y + 31 * c + ((x * y) % 11) * 9) % 256) / 127.5 - 1;
  });
}
