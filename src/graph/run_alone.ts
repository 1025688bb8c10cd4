import { ShapeError } from "../errors";
import type { Executable } from "../gpu/prepare";
import { unpack } from "../kernels/unpack";
import { show } from "../tensor";
import { indexOf, readBytes, submit, writeInput } from "./run";
import type { SliceOptions } from "./slices";

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
