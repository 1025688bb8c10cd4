import { numel, type Shape } from "../src/tensor";

export interface TfjsTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** What a TensorFlow.js weights manifest says of a tensor of bytes: value = scale · byte + min. */
interface Entry {
  readonly name: string;
  readonly shape: number[];
  readonly quantization: { readonly dtype: "uint8"; readonly scale: number; readonly min: number };
}

/** The tensors of a model of TensorFlow.js whose weights are quantised to bytes. */
export function readTfjs(
  manifest: readonly { readonly weights: readonly Entry[] }[],
  bytes: Uint8Array,
): Map<string, TfjsTensor> {
  const tensors = new Map<string, TfjsTensor>();
  let at = 0;
  for (const { name, shape, quantization } of manifest.flatMap(({ weights }) => weights)) {
    if (quantization?.dtype !== "uint8")
      throw new Error(`tfjs: ${name} must be quantised to uint8`);
    const { scale, min } = quantization;
    const stored = bytes.subarray(at, at + numel(shape));
    at += stored.length;
    tensors.set(name, { shape, values: Float32Array.from(stored, (byte) => scale * byte + min) });
  }
  if (at !== bytes.length) {
    throw new Error(`tfjs: the file has ${bytes.length} bytes, its manifest lists ${at}`);
  }
  return tensors;
}
