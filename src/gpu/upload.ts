import type { ReadParameter } from "../graph/node";
import type { Program } from "../graph/program";
import { layoutBytes, pack } from "../kernels/layout";
import { numel } from "../tensor";
import type { Scopes } from "./checked";
import type { PrepareOptions } from "./prepare";
import { USAGE } from "./usage";

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
  device: GPUDevice,
  program: Program,
  read: ReadParameter,
  { make, scopes }: { readonly make: MakeBuffer; readonly scopes: Scopes },
  { onProgress, signal, weights }: PrepareOptions,
): Promise<Map<number, GPUBuffer>> {
  const buffers = new Map(weights);
  const write = pacedWriter(device, scopes, signal);
  const scratch = new ArrayBuffer(2 * PIECE_BYTES);
  let done = [...buffers.keys()].reduce((sum, i) => sum + program.tensors[i].bytes, 0);
  const fill = async (i: number, parts: Parts) => {
    if (buffers.has(i)) return;
    const { name, bytes } = program.tensors[i];
    const buffer = make(name, bytes, USAGE.storage | USAGE.copySrc | USAGE.copyDst);
    buffers.set(i, buffer);
    for await (const { offset, packed } of pieces(program, i, parts, scratch))
      await write(buffer, offset, packed);
    done += bytes;
    onProgress?.("upload", done, program.memory.weightBytes);
  };
  const plain = plainWeights(program);
  const parameter = { memory: new ArrayBuffer(0) };
  const readOnce: ReadParameter = async (key) => {
    signal?.throwIfAborted();
    const values = await read(key, parameter);
    const i = plain.get(key);
    if (i !== undefined) await fill(i, [values]);
    return values;
  };
  for (const [i, { place }] of program.tensors.entries()) {
    if (!("weight" in place) || buffers.has(i)) continue;
    await fill(i, place.weight.parts(readOnce));
  }
  return buffers;
}

type Parts = Iterable<Float32Array> | AsyncIterable<Float32Array>;

/** Writes and, whenever enough is pending, waits until the device has taken it. */
function pacedWriter({ queue }: GPUDevice, scopes: Scopes, signal: AbortSignal | undefined) {
  let pending = 0;
  return async (buffer: GPUBuffer, offset: number, bytes: Uint8Array<ArrayBuffer>) => {
    signal?.throwIfAborted();
    scopes.run(() => queue.writeBuffer(buffer, offset, bytes));
    pending += bytes.byteLength;
    if (pending < PENDING_BYTES) return;
    queue.submit([]);
    await queue.onSubmittedWorkDone();
    pending = 0;
  };
}

/** Indices of the tensors that are parameters as they are. */
function plainWeights({ tensors }: Program): Map<string, number> {
  const plain = new Map<string, number>();
  for (const [i, { place }] of tensors.entries()) {
    if ("weight" in place && place.weight.plain) plain.set(place.weight.name, i);
  }
  return plain;
}

/** A weight's bytes in pieces; every layout keeps four rows of the first dimension together. */
async function* pieces(program: Program, i: number, parts: Parts, scratch: ArrayBuffer) {
  const { precision, tensors } = program;
  const { shape, layout, bytes } = tensors[i];
  const [rows, ...rest] = shape;
  const rowLength = numel(rest);
  const step = Math.max(4, 4 * Math.floor((PIECE_BYTES / bytes) * (rows / 4)));
  let row = 0;
  for await (const values of parts) {
    for (let first = 0; first * rowLength < values.length; first += step) {
      const part = values.subarray(first * rowLength, (first + step) * rowLength);
      const count = part.length / rowLength;
      const offset = row === 0 ? 0 : layoutBytes(layout, [row, ...rest], precision);
      yield { offset, packed: pack(layout, [count, ...rest], part, precision, scratch) };
      row += count;
    }
  }
}
