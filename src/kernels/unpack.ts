import { numel, type Shape } from "../tensor";
import { decodeF16 } from "../weights/dtype";
import type { Layout, Precision } from "./layout";

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
  layout.runs(shape, (from, to, step, count) => {
    for (let i = 0; i < count; i++) values[from + i] = numbers[to + i * step];
  });
  return values;
}
