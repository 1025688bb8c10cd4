import { GpuError } from "../errors";
import { checked } from "../gpu/checked";
import type { Executable } from "../gpu/prepare";
import type { Node } from "./node";
import { callReference } from "./reference";
import { encodeSteps } from "./run";
import { readTensor, writeInput } from "./run_alone";

export interface CompareResult {
  readonly steps: number;
  /** The largest relative difference of any step, and where. */
  readonly worst: { readonly label: string; readonly relative: number };
}

/**
 * Runs step by step, and after each computes the same step's plain reference from the very inputs
 * that the GPU had. Throws GpuError at the first step where |gpu - reference| exceeds tolerance x
 * max|reference|, or is NaN, naming the step, the index and both values.
 *
 * A tensor that exists only in bands is computed by the reference on the way to its consumer.
 */
export async function compare(
  executable: Executable,
  inputs: Readonly<Record<string, Float32Array>>,
  tolerance: number,
): Promise<CompareResult> {
  const { program, gpu } = executable;
  const indexOf = new Map<Node, number>();
  for (const step of program.steps) {
    indexOf.set(step.node, step.writes);
    for (const [name, node] of Object.entries(step.node.inputs))
      indexOf.set(node, step.reads[name]);
  }
  for (const [name, values] of Object.entries(inputs)) {
    if (name in program.inputs) writeInput(executable, name, values);
  }
  let worst = { label: "", relative: 0 };
  let before = new Map<Node, Float32Array>();
  for (let i = 0; i < program.steps.length; i++) {
    const step = program.steps[i];
    if (before.size === 0) before = await inputsOf(executable, i, indexOf);
    await checked(gpu.device, step.label, () => {
      const encoder = gpu.device.createCommandEncoder({ label: step.label });
      encodeSteps(executable, encoder, i, i + 1);
      gpu.device.queue.submit([encoder.finish()]);
    });
    if (!step.completes || program.tensors[step.writes].scratch) continue;
    const got = await readTensor(executable, step.writes);
    const relative = check(step.label, got, expected(step.node, before), tolerance);
    if (relative > worst.relative) worst = { label: step.label, relative };
    before = new Map();
  }
  return { steps: program.steps.length, worst };
}

/** What the group of steps at `first` reads, before any of it runs and reuses a buffer. */
async function inputsOf(executable: Executable, first: number, indexOf: ReadonlyMap<Node, number>) {
  const { steps, tensors } = executable.program;
  const values = new Map<Node, Float32Array>();
  for (let i = first; i < steps.length; i++) {
    for (const node of Object.values(steps[i].node.inputs)) {
      const index = indexOf.get(node)!;
      if (!values.has(node) && !tensors[index].scratch)
        values.set(node, await readTensor(executable, index));
    }
    if (!tensors[steps[i].writes].scratch) return values;
  }
  return values;
}

function expected(node: Node, values: ReadonlyMap<Node, Float32Array>): Float32Array {
  const known = values.get(node);
  if (known || node.kind !== "op") return known!;
  return callReference(node, (input) => expected(input, values));
}

function check(label: string, got: Float32Array, want: Float32Array, tolerance: number): number {
  let scale = 0;
  for (const v of want) scale = Math.max(scale, Math.abs(v));
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i] - want[i]);
    if (!(difference <= tolerance * scale)) {
      throw new GpuError(
        `compare: step "${label}" differs at index ${i}: the GPU gives ${got[i]}, the reference ${want[i]}, allowed ${tolerance} x ${scale}`,
      );
    }
    worst = Math.max(worst, scale ? difference / scale : 0);
  }
  return worst;
}
