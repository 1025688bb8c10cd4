import type { Spread } from "../result";

/** 0.00123 → "1.2 µs", 12.3 → "12 ms", 6240 → "6.24 s": three digits at most, `ms` in milliseconds. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 0.1) return `${digits(ms * 1000)} µs`;
  return ms < 1000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`;
}

/** "1.02 s (0.98–1.1 s)"; without the range where there was one sample. */
export function durationSpread({ median, low, high, samples }: Spread): string {
  if (samples < 2) return duration(median);
  return `${duration(median)} (${durationRange(low, high)})`;
}

/** "0.98–1.1 s": the unit once where it is the same. */
export function durationRange(low: number, high: number): string {
  const [first, last] = [duration(low), duration(high)];
  const [value, unit] = first.split(" ");
  return last.endsWith(` ${unit}`) ? `${value}–${last}` : `${first}–${last}`;
}

/** 6.12 → "6.1×", 0.108 → "0.11×". */
export function times(ratio: number): string {
  return `${digits(ratio, 2)}×`;
}

/** Unit of an axis that reaches `ms`, and the milliseconds in it. */
export function axisUnit(ms: number): { readonly unit: "ms" | "s"; readonly ms: number } {
  return ms < 1500 ? { unit: "ms", ms: 1 } : { unit: "s", ms: 1000 };
}

export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(fraction < 0.0995 ? 1 : 0)} %`;
}

/** Bytes in powers of ten: "331 MB". */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const unit = count < 1e6 ? "kB" : count < 1e9 ? "MB" : "GB";
  return `${digits(count / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit])} ${unit}`;
}

/** `count` significant digits, never an exponent; "18.0", "1230" for 1234. */
export function digits(value: number, count = 3): string {
  if (!Number.isFinite(value)) return "?";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(count)); // 0.9997 is 1.00, not 1.000
  const places = count - 1 - Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.min(20, Math.max(0, places)));
}

/** "2026-11-22 14:05 UTC". */
export function minute(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
