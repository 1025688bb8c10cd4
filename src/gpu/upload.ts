import type { ReadParameter } from "../graph/node";
import type { PlannedTensor, Program } from "../graph/program";
import { pack } from "../kernels/layout";
import { numel } from "../tensor";
import type { Scopes } from "./error_scopes";
import type { PrepareOptions } from "./prepare";
import * as USAGE from "./usage";

/** What may wait in the driver's staging buffers, so that they do not add up to the whole model. */
const PENDING_BYTES = 8 * 2 ** 20;
/** Weights are packed and written in pieces of about this, one after another in the same memory. */
const PIECE_BYTES = 2 * 2 ** 20;

export type MakeBuffer = (label: string, size: number, usage: number) => GPUBuffer;

/**
 * Makes and fills the buffers of a program's weights, by index of the tensor.
 *
 * Memory    beside the weights on the device: the largest parameter, and what is pending.
 *           Parameters are read once, into the same memory, although squared weights are made
 *           from those that are uploaded too: reading one uploads it.
 * Errors    what `read` throws; the signal's reason when aborted
 */
export async function upload(
  { queue }: GPUDevice,
  { tensors, precision, memory }: Program,
  read: ReadParameter,
  { make, scopes }: { readonly make: MakeBuffer; readonly scopes: Scopes },
  { onProgress, signal, weights }: PrepareOptions,
): Promise<Map<number, GPUBuffer>> {
  const buffers = new Map(weights);
  const scratch = new ArrayBuffer(2 * PIECE_BYTES);
  const parameter = { memory: new ArrayBuffer(0) };
  let [pending, done] = [0, 0];
  const fill = async (i: number, parts: Parts) => {
    if (buffers.has(i)) return;
    const { name, bytes } = tensors[i];
    const buffer = make(name, bytes, USAGE.storage | USAGE.copySrc | USAGE.copyDst);
    buffers.set(i, buffer);
    let offset = 0;
    for await (const piece of pieces(tensors[i], parts)) {
      signal?.throwIfAborted();
      const packed = pack(...piece, precision, scratch);
      scopes.run(() => queue.writeBuffer(buffer, offset, packed));
      offset += packed.length;
      pending += packed.length;
      if (pending < PENDING_BYTES) continue;
      queue.submit([]);
      await queue.onSubmittedWorkDone();
      pending = 0;
    }
    done += bytes;
    onProgress?.("upload", done, memory.weightBytes);
  };
  const readOnce: ReadParameter = async (key, shape) => {
    const values = await read(key, shape, parameter);
    for (const [i, { name, place }] of tensors.entries())
      if ("weight" in place && place.weight.plain && name === key) await fill(i, [values]);
    return values;
  };
  for (const [i, { place }] of tensors.entries()) {
    if (!("weight" in place) || buffers.has(i)) continue;
    await fill(i, place.weight.parts(readOnce));
  }
  return buffers;
}

type Parts = Iterable<Float32Array> | AsyncIterable<Float32Array>;

/** What pack() takes of each piece; every layout keeps four rows of the first dimension together. */
async function* pieces({ shape, layout, bytes }: PlannedTensor, parts: Parts) {
  const [rows, ...rest] = shape;
  const length = numel(rest);
  const step = 4 * length * Math.max(1, Math.floor((PIECE_BYTES / bytes) * (rows / 4)));
  for await (const values of parts) {
    for (let first = 0; first < values.length; first += step) {
      const part = values.subarray(first, first + step);
      yield [layout, [part.length / length, ...rest], part] as const;
    }
  }
}
