import type { DispatchStep, Program } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { shaderText } from "../kernels/shader_text";
import type { Gpu } from "./open";
import type { PrepareOptions } from "./prepare";

/**
 * One pipeline per step, compiled in parallel and shared between steps, programs and models.
 * `onProgress` hears of every variant that is ready, counted.
 */
export async function pipelinesFor(
  { device, pipelines }: Gpu, // those of another device take their place when this one is lost
  { steps, precision }: Program,
  onProgress?: PrepareOptions["onProgress"],
): Promise<GPUComputePipeline[]> {
  const modules = new Map<string, GPUShaderModule>();
  const made = steps.map((step) => {
    const { kernel, dispatch } = step;
    // What tells one compiled variant of a kernel from another.
    const key = JSON.stringify([kernel.name, precision, dispatch.prelude, dispatch.overrides]);
    const pipeline = pipelines.get(key) ?? makePipeline(device, step, precision, modules);
    pipelines.set(key, pipeline);
    pipeline.catch(() => pipelines.delete(key));
    return pipeline;
  });
  const variants = new Set(made);
  let done = 0;
  await Promise.all(
    [...variants].map(async (pipeline) => {
      await pipeline;
      onProgress?.("compile", ++done, variants.size);
    }),
  );
  return Promise.all(made);
}

async function makePipeline(
  device: GPUDevice,
  { kernel, dispatch }: DispatchStep,
  precision: Precision,
  modules: Map<string, GPUShaderModule>,
): Promise<GPUComputePipeline> {
  // Nothing is awaited where the text is there: what is wrong with it belongs to the caller's error scope.
  const wgsl = typeof kernel.wgsl === "string" ? kernel.wgsl : await kernel.wgsl();
  const code = shaderText(wgsl, dispatch.prelude, precision);
  const module = modules.get(code) ?? device.createShaderModule({ label: kernel.name, code });
  modules.set(code, module);
  return device.createComputePipelineAsync({
    label: kernel.name,
    layout: "auto",
    compute: { module, constants: dispatch.overrides },
  });
}
