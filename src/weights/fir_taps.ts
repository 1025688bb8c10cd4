/** The taps of a filter by its name: [1, 3, 3, 1] ⊗ [1, 3, 3, 1] / 64, times 4 behind an upsampling. */
export function firTaps(name: string): number[] {
  const row = [1, 3, 3, 1];
  const sum = name.endsWith(".0.kernel") ? 64 : 16;
  return row.flatMap((a) => row.map((b) => (a * b) / sum));
}
