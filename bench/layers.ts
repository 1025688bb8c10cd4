import { gpen } from "../src/graph/gpen";
import { input, type Node, type OpNode, ordered, type ReadParameter } from "../src/graph/node";
import { entry, finish } from "../src/graph/pictures";
import { numel, type Shape } from "../src/tensor";
import { checkpointReader } from "../src/weights/gpen";
import { callNode } from "../test/kernels/call_node";
import type { BenchCase } from "./cases/case";
import type { BenchModel } from "./models";

/** One call of a kernel that stands for all equal ones, cut out of its network. */
export interface Layer {
  /** Reads the model's weights, and inputs that the run gives in place of other layers' outputs. */
  readonly node: OpNode;
  readonly model: string;
  /** Names of the layers that make this very call, in the order of the network. */
  readonly names: readonly string[];
  /** Output shape and what tells this call from others of the kernel. */
  readonly shape: string;
  readonly read: ReadParameter;
}

/** Every different call of a kernel that a restored image takes, in the order that it is made. */
export async function layersOf(model: BenchModel): Promise<Layer[]> {
  const { config, checkpoint, name } = model;
  const read = await checkpointReader(checkpoint, "gpen", config);
  const { inSize, outSize, normalise } = config;
  const outputs = [
    ...Object.values(entry(inSize, inSize, { n: 1, inSize, outSize, normalise, grey: false })),
    gpen(config, 1).output,
    ...Object.values(finish(1, outSize, normalise)),
  ];
  const found = new Map<string, Layer & { names: string[] }>();
  for (const node of ordered(outputs)) {
    if (node.kind !== "op") continue;
    const shape = shapeOf(node);
    const key = `${node.kernel.name} ${shape}`;
    const known = found.get(key);
    if (known) known.names.push(node.name);
    else found.set(key, { node: isolated(node), model: name, names: [node.name], shape, read });
  }
  return [...found.values()];
}

/** Calls of kernels that no network here makes: ablations, sampling, the discriminator. */
export function caseLayers(cases: readonly BenchCase[]): Layer[] {
  return cases.map(({ kernel, why, args }) => {
    const node = callNode(kernel, why, args);
    const read: ReadParameter = async (name) => {
      throw new TypeError(`${why}: ${name} was asked for, but a case has no parameters`);
    };
    return { node, model: "case", names: [why], shape: shapeOf(node), read };
  });
}

/** The same call with its weights, and with inputs in place of what other nodes compute. */
function isolated(node: OpNode): OpNode {
  const inputs = Object.entries(node.inputs).map(([name, read]): [string, Node] => [
    name,
    read.kind === "weight" ? read : input(name, read.shape, read.layout),
  ]);
  return { ...node, inputs: Object.fromEntries(inputs) };
}

/** Which slice of all styles a layer reads does not change what it costs. */
const PLACES = new Set(["sFirst", "dFirst"]);

/** "1x128x64x64, w 128x64x3x3, b, stride 2, pad 0, activate". */
function shapeOf({ args, shape, inputs }: OpNode): string {
  const [main] = ["w", "x", "s"].filter((name) => name in inputs);
  const given = Object.keys(inputs).filter((name) => name !== main && name !== "x");
  const optional = given.filter((name) => ["b", "e", "skip", "photo"].includes(name));
  const attributes = Object.entries(args)
    .filter(([name]) => !(name in inputs) && !PLACES.has(name))
    .map(([name, value]) => attribute(name, value))
    .filter((text) => text !== "");
  const of = main ? [`${main} ${inputs[main].shape.join("x")}`] : [];
  return [shape.join("x"), ...of, ...optional, ...attributes].join(", ");
}

function attribute(name: string, value: unknown): string {
  if (typeof value === "boolean") return value ? name : "";
  if (typeof value === "object" && value) return `${name} ${Object.values(value).join(":")}`;
  return value === undefined ? "" : `${name} ${value}`;
}

/** Bytes of a call's inputs and output, once each. */
export function bytesOf({ args, inputs, shape, layout, kernel }: OpNode, half: boolean): number {
  const layouts = kernel.layouts(args);
  const size = (elements: number, { kind, follows }: { kind: string; follows: boolean }) =>
    kind === "rgba8" ? elements : elements * (follows && half ? 2 : 4);
  const read = Object.entries(inputs).map(([name, { shape }]) =>
    size(elementsRead(name, shape, args), layouts[name]),
  );
  return read.reduce((sum, bytes) => sum + bytes, size(numel(shape), layout));
}

/** Of the vectors of all layers, a layer reads its own part. */
function elementsRead(name: string, shape: Shape, args: { w?: Shape; sFirst?: number }): number {
  if (args.sFirst === undefined || !args.w) return numel(shape);
  if (name === "s") return shape[0] * args.w[1];
  return name === "d" ? shape[0] * args.w[0] : numel(shape);
}
