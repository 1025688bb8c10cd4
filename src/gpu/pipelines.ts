import type { DispatchStep, Program } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { shaderText } from "../kernels/shader_text";
import type { Gpu } from "./open";

/** What tells one compiled variant of a kernel from another. */
function pipelineKey({ kernel, dispatch }: DispatchStep, precision: Precision): string {
  return JSON.stringify([kernel.name, precision, dispatch.prelude, dispatch.overrides]);
}

/**
 * One pipeline per step, compiled in parallel and shared between steps, programs and models.
 * `onProgress` hears of every variant that is ready, counted.
 */
export async function pipelinesFor(
  gpu: Gpu,
  program: Program,
  onProgress?: (done: number, of: number) => void,
): Promise<GPUComputePipeline[]> {
  const { device, pipelines } = gpu; // those of another device take their place when this one is lost
  const keys = program.steps.map((step) => pipelineKey(step, program.precision));
  const modules = new Map<string, GPUShaderModule>();
  program.steps.forEach((step, i) => {
    if (pipelines.has(keys[i])) return;
    const made = makePipeline(device, step, program.precision, modules);
    made.catch(() => pipelines.delete(keys[i]));
    pipelines.set(keys[i], made);
  });
  const variants = [...new Set(keys)];
  let done = 0;
  await Promise.all(
    variants.map(async (key) => {
      await pipelines.get(key);
      onProgress?.(++done, variants.length);
    }),
  );
  return Promise.all(keys.map((key) => pipelines.get(key)!));
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
    layout: device.createPipelineLayout({
      bindGroupLayouts: [bindGroupLayout(device, kernel.bindings.length)],
    }),
    compute: { module, entryPoint: "main", constants: { ...dispatch.overrides } },
  });
}

const layouts = new WeakMap<GPUDevice, Map<number, GPUBindGroupLayout>>();

/** Every kernel binds Params, then its inputs, then its output; only the count differs. */
export function bindGroupLayout(device: GPUDevice, bindings: number): GPUBindGroupLayout {
  const known = layouts.get(device) ?? new Map<number, GPUBindGroupLayout>();
  layouts.set(device, known);
  const typeOf = (binding: number): GPUBufferBindingType =>
    binding === 0 ? "uniform" : binding === bindings - 1 ? "storage" : "read-only-storage";
  const layout =
    known.get(bindings) ??
    device.createBindGroupLayout({
      label: `params, ${bindings - 2} inputs, y`,
      entries: Array.from({ length: bindings }, (_, binding) => ({
        binding,
        visibility: 4, // GPUShaderStage.COMPUTE, a global that Node does not have
        buffer: { type: typeOf(binding) },
      })),
    });
  known.set(bindings, layout);
  return layout;
}
