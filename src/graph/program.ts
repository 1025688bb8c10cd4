import type { AnyKernel, Band, Dispatch } from "../kernels/kernel";
import type { Layout, Precision } from "../kernels/layout";
import { type Shape, show } from "../tensor";
import type { OpNode, WeightNode } from "./node";

/** What compile() makes of a network: plain data, printable, and all that run.ts needs. */
export interface Program {
  readonly precision: Precision;
  readonly steps: readonly DispatchStep[];
  /** Every tensor of the network; steps refer to them by index. */
  readonly tensors: readonly PlannedTensor[];
  /** Sizes of the buffers that activations take turns in. */
  readonly slotBytes: readonly number[];
  readonly memory: Memory;
  /** Index of the tensor behind each name. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

/** What a program takes on the device, in bytes. */
export interface Memory {
  /** Activations as planned: the sum of all slots. */
  readonly peakBytes: number;
  /** Activations without reuse: the sum of all tensors. */
  readonly sumBytes: number;
  readonly weightBytes: number;
  /** The largest activation buffer. */
  readonly largestBytes: number;
  /** The largest range that one binding covers. */
  readonly largestBindingBytes: number;
}

export interface PlannedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
  readonly bytes: number;
  readonly place: { readonly slot: number } | { readonly weight: WeightNode };
  /** Only a band of rows exists at a time, between a producer and its only consumer. */
  readonly scratch: boolean;
}

export interface DispatchStep {
  readonly label: string;
  readonly kernel: AnyKernel;
  readonly node: OpNode;
  readonly dispatch: Dispatch;
  /** The part of the output that it computes. */
  readonly band: Band;
  /** One per storage binding, in the order of the kernel's bindings. */
  readonly bindings: readonly Window[];
  /** Tensors by binding name, without the stand-ins for inputs that were left out. */
  readonly reads: Readonly<Record<string, number>>;
  readonly writes: number;
  /** Whether this is the last band of its node. */
  readonly completes: boolean;
}

/** The range of a tensor's buffer that a binding covers. */
export interface Window {
  readonly tensor: number;
  readonly offset: number;
  readonly size: number;
}

/** One line per step: "%7 = conv2d(%3, ecd1.w, ecd1.b) (1, 64, 128, 128)  # ecd1", then the memory. */
export function printProgram(program: Program): string {
  const { tensors, memory, slotBytes } = program;
  const nameOf = (index: number) => {
    const { place, name } = tensors[index];
    return "weight" in place ? name : `%${index}`;
  };
  const lines = program.steps.map((step) => {
    const reads = Object.values(step.reads).map(nameOf).join(", ");
    const { shape, place } = tensors[step.writes];
    const slot = "slot" in place ? ` @${place.slot}` : "";
    return `%${step.writes}${slot} = ${step.kernel.name}(${reads}) ${show(shape)}  # ${step.label}`;
  });
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  return [
    ...Object.entries(program.inputs).map(
      ([name, i]) => `%${i} = input ${show(tensors[i].shape)}  # ${name}`,
    ),
    ...lines,
    ...Object.entries(program.outputs).map(([name, i]) => `output ${name} = %${i}`),
    `activations ${mb(memory.peakBytes)} in ${slotBytes.length} slots, ${mb(memory.sumBytes)} without reuse; weights ${mb(memory.weightBytes)}; ${program.precision}`,
  ].join("\n");
}
