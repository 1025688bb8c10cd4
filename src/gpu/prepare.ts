import type { ReadParameter } from "../graph/node";
import type { Program } from "../graph/program";
import { disposedOf } from "./disposed";
import { errorScopes } from "./error_scopes";
import type { Gpu } from "./open";
import { pipelinesFor } from "./pipelines";
import { type MakeBuffer, upload } from "./upload";
import * as USAGE from "./usage";

export interface PrepareOptions {
  /** Compiled pipeline variants and uploaded weight bytes, each out of how many. */
  readonly onProgress?: (what: "compile" | "upload", done: number, of: number) => void;
  readonly signal?: AbortSignal;
  /** Buffers of weights that are on the device already, by index of the tensor. */
  readonly weights?: ReadonlyMap<number, GPUBuffer>;
}

/** A program with its buffers, pipelines and bind groups on a device. */
export interface Executable {
  readonly program: Program;
  readonly gpu: Gpu;
  /** Milliseconds until the pipelines were ready. */
  readonly compileMs: number;
  readonly pipelines: readonly GPUComputePipeline[];
  readonly bindGroups: readonly GPUBindGroup[];
  /** Throws GpuError if it was disposed of, or the device is no longer the one that it was made on. */
  buffer(tensor: number): GPUBuffer;
  /** Frees its own buffers; weights that it shares stay with the program that uploaded them. */
  dispose(): void;
}

/** Allocates, uploads and compiles. `read` gives the checkpoint's parameters, folded. */
export async function prepare(
  gpu: Gpu,
  program: Program,
  read: ReadParameter,
  options: PrepareOptions = {},
): Promise<Executable> {
  gpu.check();
  const { device } = gpu;
  const scopes = errorScopes(device);
  const made: GPUBuffer[] = [];
  const make = (label: string, size: number, usage: number) => {
    const buffer = scopes.run(() =>
      device.createBuffer({ label, size: Math.max(16, size), usage }),
    );
    made.push(buffer);
    return buffer;
  };
  let disposed = false;
  const dispose = () => {
    disposed = true;
    for (const buffer of made) buffer.destroy();
  };
  try {
    const start = performance.now();
    let compileMs = 0;
    const compiled = scopes.run(() => pipelinesFor(gpu, program, options.onProgress));
    compiled.then(
      () => {
        compileMs = performance.now() - start;
      },
      () => {}, // awaited below; an upload that fails first must not leave it unhandled
    );
    const storage = USAGE.storage | USAGE.copySrc | USAGE.copyDst;
    const slots = program.slotBytes.map((bytes, i) => make(`slot ${i}`, bytes, storage));
    const weights = await upload(device, program, read, { make, scopes }, options);
    const buffer = (tensor: number) => {
      // Commands on buffers that are gone would be left out, and zeros read: a black picture.
      if (disposed || gpu.device !== device) throw disposedOf();
      const { place } = program.tensors[tensor];
      return "slot" in place ? slots[place.slot] : weights.get(tensor)!;
    };
    const pipelines = await compiled;
    const bindGroups = scopes.run(() => makeBindGroups(device, program, pipelines, make, buffer));
    await scopes.settle("prepare");
    options.signal?.throwIfAborted();
    return { program, gpu, compileMs, pipelines, bindGroups, buffer, dispose };
  } catch (error) {
    dispose();
    await scopes.settle("prepare"); // what it reports is the cause
    throw error;
  }
}

/** Bytes of a step's Params, more than any kernel has: every device lets uniforms begin at multiples of it. */
const PARAMS_BYTES = 256;

function makeBindGroups(
  device: GPUDevice,
  { steps }: Program,
  pipelines: readonly GPUComputePipeline[],
  make: MakeBuffer,
  bufferOf: (tensor: number) => GPUBuffer,
): GPUBindGroup[] {
  const size = PARAMS_BYTES;
  const params = make("params", size * steps.length, USAGE.uniform | USAGE.copyDst);
  return steps.map(({ label, dispatch, bindings }, i) => {
    const offset = size * i;
    device.queue.writeBuffer(params, offset, Uint32Array.from(Object.values(dispatch.params)));
    const resources = bindings.map(({ tensor, offset, size }) => {
      const buffer = bufferOf(tensor);
      // One f16 quad has 8 bytes; where it stands in for an input left out, a vec4f needs 16.
      return { buffer, offset, size: Math.min(Math.max(16, size), buffer.size - offset) };
    });
    return device.createBindGroup({
      label,
      layout: pipelines[i].getBindGroupLayout(0),
      entries: [{ buffer: params, offset, size }, ...resources].map((resource, binding) => ({
        binding,
        resource,
      })),
    });
  });
}
