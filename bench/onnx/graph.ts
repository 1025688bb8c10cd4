import { numel, type Shape } from "../../src/tensor";

/** Whole numbers and lists of them, or a float: ONNX tells the two apart. */
export type Attribute = number | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

/** A constant of the file; its elements are made when they are written. */
export interface Initializer {
  readonly name: string;
  readonly shape: Shape;
  readonly type: "F32" | "I64";
  /** Bytes of the elements. */
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
}

/** An edge of the graph: its name in the file, and the shape of what flows along it. */
export interface Edge {
  readonly name: string;
  readonly shape: Shape;
}

/** Collects nodes and constants in the order in which they are added. */
export interface GraphBuilder extends OnnxGraph {
  /** The same graph; names of nodes added through it begin with `scope`. */
  within(scope: string): GraphBuilder;
  /** Adds a node; the shape of its output is the caller's to say. */
  add(op: string, inputs: readonly Edge[], shape: Shape, attributes?: Attributes): Edge;
  /** A constant of float32 in memory; equal ones are one. */
  floats(values: readonly number[], shape?: Shape): Edge;
  /** A list of int64: shapes, axes, amounts of padding. */
  integers(values: readonly number[]): Edge;
  /** A single int64 without axes. */
  index(value: number): Edge;
  /** The same edge under a name of the caller's; for the output, which no node reads. */
  named(edge: Edge, name: string): Edge;
  /** A weight that is read when the file is written. */
  weight(name: string, shape: Shape, read: () => Promise<Float32Array>): Edge;
}

export function graphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, Initializer>();
  const counts = new Map<string, number>();
  const put = (name: string, shape: Shape, type: "F32" | "I64", read: Initializer["read"]) => {
    const bytes = numel(shape) * (type === "F32" ? 4 : 8);
    initializers.set(name, { name, shape, type, bytes, read });
    return { name, shape };
  };
  const make = (scope: string): GraphBuilder => ({
    nodes,
    get initializers() {
      return [...initializers.values()];
    },
    within: (inner) => make(`${scope}/${inner}`),
    add(op, inputs, shape, attributes = {}) {
      const base = `${scope}/${op}`;
      const n = counts.get(base) ?? 0;
      counts.set(base, n + 1);
      const name = n === 0 ? base : `${base}_${n}`;
      const output = `${name}_output_0`;
      nodes.push({ op, name, inputs: inputs.map((edge) => edge.name), output, attributes });
      return { name: output, shape };
    },
    floats(values, shape = []) {
      const elements = bytesOf(Float32Array.from(values));
      return put(`floats ${values} (${shape})`, shape, "F32", async () => elements);
    },
    integers(values) {
      const elements = bytesOf(BigInt64Array.from(values, BigInt));
      return put(`integers ${values}`, [values.length], "I64", async () => elements);
    },
    index(value) {
      const element = bytesOf(BigInt64Array.of(BigInt(value)));
      return put(`index ${value}`, [], "I64", async () => element);
    },
    named({ name: old, shape }, name) {
      const at = nodes.findIndex(({ output }) => output === old);
      nodes[at] = { ...nodes[at], output: name };
      return { name, shape };
    },
    weight: (name, shape, read) => put(name, shape, "F32", async () => bytesOf(await read())),
  });
  return make("");
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
