import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Constant } from "./onnx_constant";
import { floatNumbers, readTensor, wholeNumbers } from "./onnx_tensor";
import { type Field, openProtobuf, type Protobuf } from "./protobuf";
import { quote } from "./quote";

const WHERE = "onnx";
// A 2048 px GPEN that was exported without folding has about 5,000 nodes.
const MAX_NODES = 20_000;
const MAX_NAMES = 64; // inputs, outputs and attributes of one node; Concat of indices takes 6

export interface Attribute {
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly text: string;
  readonly tensor: Constant | null;
}

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An ONNX file as it lies on disk: its graph, and its tensors without their elements. */
export interface OnnxFile {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, Constant>;
  /** Graph inputs; older files list the initializers among them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Indexes the file: reads names and shapes. Errors: WeightsError if it is not a sound ONNX file. */
export async function readOnnxFile(source: ByteSource): Promise<OnnxFile> {
  const file = openProtobuf(source, WHERE);
  const metadata = new Map<string, string>();
  let graph: Field | undefined;
  for (const field of await file.fields(0, source.size)) {
    if (field.number === 7 && field.wire === 2) graph = field;
    if (field.number === 14 && field.wire === 2) {
      const [key, value] = await texts(file, field, [1, 2]);
      metadata.set(key, value);
    }
  }
  if (!graph) {
    throw new WeightsError(
      `${WHERE}: the file has no graph; this is no ONNX model, or it is damaged`,
    );
  }
  return { ...(await readGraph(file, graph)), metadata };
}

async function readGraph(file: Protobuf, graph: Field): Promise<Omit<OnnxFile, "metadata">> {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, Constant>();
  const names: Record<11 | 12, string[]> = { 11: [], 12: [] };
  for (const field of await file.fields(graph.offset, graph.length)) {
    if (field.wire !== 2) continue;
    if (field.number === 1) nodes.push(await readNode(file, field));
    else if (field.number === 5) {
      const { name, constant } = await readTensor(file, field, "");
      if (initializers.has(name))
        throw new WeightsError(`${WHERE}: ${quote(name)} is stored twice`);
      initializers.set(name, constant);
    } else if (field.number === 11 || field.number === 12) {
      names[field.number].push((await texts(file, field, [1]))[0]);
    } else if (field.number === 15) {
      throw new WeightsError(`${WHERE}: the file holds sparse tensors; save them as dense ones`);
    }
    if (nodes.length > MAX_NODES || initializers.size > MAX_NODES) {
      throw new WeightsError(`${WHERE}: the graph has more than ${MAX_NODES} nodes; no GPEN has`);
    }
  }
  return { nodes, initializers, inputs: names[11], outputs: names[12] };
}

async function readNode(file: Protobuf, field: Field): Promise<OnnxNode> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let op = "";
  let name = "";
  for (const f of await file.fields(field.offset, field.length)) {
    if (f.number === 1) inputs.push(await file.text(f));
    else if (f.number === 2) outputs.push(await file.text(f));
    else if (f.number === 3) name = await file.text(f);
    else if (f.number === 4) op = await file.text(f);
    else if (f.number === 5 && f.wire === 2) {
      const [key, attribute] = await readAttribute(file, f, outputs[0] ?? "");
      attributes.set(key, attribute);
    }
  }
  const node = { op, name, inputs, outputs, attributes };
  if (Math.max(inputs.length, outputs.length, attributes.size) > MAX_NAMES) {
    throw new WeightsError(
      `${WHERE}: ${describe(node)} has ${inputs.length} inputs and ${outputs.length} outputs; no node of a GPEN has more than ${MAX_NAMES}`,
    );
  }
  return node;
}

async function readAttribute(
  file: Protobuf,
  field: Field,
  output: string,
): Promise<[string, Attribute]> {
  const ints: number[] = [];
  const floats: number[] = [];
  let name = "";
  let text = "";
  let tensor: Constant | null = null;
  for (const f of await file.fields(field.offset, field.length)) {
    if (f.number === 1) name = await file.text(f);
    else if (f.number === 3 || f.number === 8) ints.push(...(await wholeNumbers(file, f, 65536)));
    else if (f.number === 2 || f.number === 7) floats.push(...(await floatNumbers(file, f)));
    else if (f.number === 4 && f.length < 65536) text = await file.text(f);
    else if (f.number === 5 && f.wire === 2) {
      tensor = (await readTensor(file, f, output)).constant;
    }
  }
  return [name, { ints, floats, text, tensor }];
}

/** The texts under the given field numbers of a small message; "" where one is missing. */
async function texts(file: Protobuf, field: Field, numbers: readonly number[]): Promise<string[]> {
  const found = await file.fields(field.offset, field.length);
  return Promise.all(
    numbers.map(async (number) => {
      const last = found.findLast((f) => f.number === number);
      return last ? file.text(last) : "";
    }),
  );
}

/** How error messages name a node: its type, its name if it kept one, and its output. */
export function describe({ op, name, outputs }: OnnxNode): string {
  const type = /^\w{1,40}$/.test(op) ? op : quote(op);
  return `${type}${name ? ` ${quote(name)}` : ""} (output ${quote(outputs[0] ?? "")})`;
}
