import { GpuError } from "../errors";
import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
import { workOf } from "./pace";
import { newSlices, type SliceOptions } from "./slices";

/** What moves between programs without leaving the GPU: an output of one, an input of the next. */
export interface Link {
  readonly from: Executable;
  readonly output: string;
  readonly to: Executable;
  readonly input: string;
}

/**
 * Encodes and submits the programs one after another, copying linked outputs to inputs between. What
 * a slow device would be busy with for long goes in slices.
 */
export async function submit(
  executables: readonly Executable[],
  links: readonly Link[],
  options: SliceOptions = {},
): Promise<void> {
  const { gpu } = executables[0];
  gpu.check();
  const of = executables.reduce((sum, { program }) => sum + program.steps.length, 0);
  const slices = newSlices(gpu, of, options);
  for (const executable of executables) {
    const { steps } = executable.program;
    for (const link of links) if (link.to === executable) copyLink(slices.encoder(), link);
    let first = 0;
    for (const [i, step] of steps.entries()) {
      const work = workOf(step);
      if (slices.takes(work)) continue;
      encodeSteps(executable, slices.encoder(), first, i);
      first = i;
      await slices.next(work);
    }
    encodeSteps(executable, slices.encoder(), first, steps.length);
  }
  await slices.end().catch((error) => {
    // What was disposed of meanwhile says so itself; WebGPU would name a destroyed buffer.
    if (error instanceof GpuError) for (const { buffer } of executables) buffer(0);
    throw error;
  });
}

function copyLink(encoder: GPUCommandEncoder, { from, output, to, input }: Link): void {
  const source = from.program.outputs[output];
  const target = to.program.inputs[input];
  encoder.copyBufferToBuffer(
    from.buffer(source),
    0,
    to.buffer(target),
    0,
    to.program.tensors[target].bytes,
  );
}

/** Records the steps [first, end) into one compute pass. */
export function encodeSteps(
  { program, pipelines, bindGroups }: Executable,
  encoder: GPUCommandEncoder,
  first: number,
  end: number,
  timestampWrites?: GPUComputePassTimestampWrites,
): void {
  const pass = encoder.beginComputePass({ label: `steps ${first} to ${end - 1}`, timestampWrites });
  for (let i = first; i < end; i++) {
    pass.setPipeline(pipelines[i]);
    pass.setBindGroup(0, bindGroups[i]);
    pass.dispatchWorkgroups(...program.steps[i].dispatch.workgroups);
  }
  pass.end();
}

/** The bytes of a tensor's buffer; waits for the GPU. */
export async function readBytes(executable: Executable, index: number): Promise<ArrayBuffer> {
  const { gpu, program } = executable;
  gpu.check();
  const size = program.tensors[index].bytes;
  const source = executable.buffer(index);
  const staging = gpu.device.createBuffer({
    label: "readback",
    size,
    usage: USAGE.mapRead | USAGE.copyDst,
  });
  try {
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, staging, 0, size);
    gpu.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(USAGE.MAP_READ);
    return staging.getMappedRange().slice(0);
  } catch (error) {
    gpu.check();
    throw new GpuError(
      `run: reading ${program.tensors[index].name} back failed: ${(error as Error).message}`,
    );
  } finally {
    staging.destroy();
  }
}
