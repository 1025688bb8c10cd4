import type { Shape } from "../tensor";
import type { Scratch } from "./byte_source";

export type FormatName = "safetensors" | "pytorch" | "pytorch-legacy" | "onnx";

/** A tensor that lies in a file and is read, as float32, when it is asked for. */
export interface StoredTensor {
  readonly shape: Shape;
  /** Element type in the file. */
  readonly dtype: "F32" | "F16" | "BF16" | "F64";
  /**
   * Factor of the published layout that the file has multiplied in already: exporters fold
   * equalisation scales (1/sqrt(cIn k^2), lr_mul) into constants. 1 where nothing was folded.
   */
  readonly folded: number;
  /**
   * The values, which may lie in the source's memory and are not to be changed; with `scratch` they may
   * lie in its memory, and are then valid until the next read.
   */
  read(scratch?: Scratch): Promise<Float32Array>;
}

/** What every reader of a format returns: named tensors, under the names of published checkpoints. */
export interface Checkpoint {
  readonly format: FormatName;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text beside the tensors; gpen-webgpu's own keys start with "gpen.". */
  readonly metadata: ReadonlyMap<string, string>;
}
