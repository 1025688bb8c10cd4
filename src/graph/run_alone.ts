import { ShapeError } from "../errors";
import type { Executable } from "../gpu/prepare";
import { pack } from "../kernels/layout";
import { unpack } from "../kernels/unpack";
import { numel, show } from "../tensor";
import { readBytes, submit } from "./run";
import type { SliceOptions } from "./slices";

/** Writes an input given in natural (n, c, h, w) order. Throws ShapeError if its size is wrong. */
export function writeInput(executable: Executable, name: string, values: Float32Array): void {
  const { program, gpu } = executable;
  const { shape, layout } = program.tensors[indexOf(program.inputs, name)];
  if (values.length !== numel(shape)) {
    throw new ShapeError(
      `run: input ${name} has ${values.length} values, ${show(shape)} needs ${numel(shape)}`,
    );
  }
  gpu.device.queue.writeBuffer(
    executable.buffer(program.inputs[name]),
    0,
    pack(layout, shape, values, program.precision),
  );
}

/** Writes an input whose bytes lie as its buffer does, such as pixels. */
export function writeBytes(
  executable: Executable,
  name: string,
  bytes: Uint8Array | Uint8ClampedArray,
): void {
  const { program, gpu } = executable;
  const tensor = program.tensors[indexOf(program.inputs, name)];
  if (bytes.byteLength !== tensor.bytes) {
    throw new ShapeError(
      `run: input ${name} has ${bytes.byteLength} bytes, ${show(tensor.shape)} needs ${tensor.bytes}`,
    );
  }
  gpu.device.queue.writeBuffer(
    executable.buffer(program.inputs[name]),
    0,
    bytes as Uint8Array<ArrayBuffer>,
  );
}

/** Runs one program on inputs in natural order and returns its outputs likewise. */
export async function run(
  executable: Executable,
  inputs: Readonly<Record<string, Float32Array>>,
  options: SliceOptions = {},
): Promise<Record<string, Float32Array>> {
  for (const name of Object.keys(executable.program.inputs))
    writeInput(executable, name, inputs[name] ?? new Float32Array());
  await submit([executable], [], options);
  const outputs: Record<string, Float32Array> = {};
  for (const name of Object.keys(executable.program.outputs))
    outputs[name] = await readOutput(executable, name);
  return outputs;
}

/** One output in natural order. */
export async function readOutput(executable: Executable, name: string): Promise<Float32Array> {
  return readTensor(executable, indexOf(executable.program.outputs, name));
}

/** Any tensor in natural order, as it stands after the last submit. */
export async function readTensor(executable: Executable, index: number): Promise<Float32Array> {
  const { shape, layout } = executable.program.tensors[index];
  return unpack(layout, shape, await readBytes(executable, index), executable.program.precision);
}

function indexOf(names: Readonly<Record<string, number>>, name: string): number {
  if (name in names) return names[name];
  throw new ShapeError(`run: there is no ${name} here; there are ${Object.keys(names).join(", ")}`);
}
