import type { Shape } from "../../src/tensor";
import type { Attribute, Edge, Initializer, OnnxGraph, OnnxNode } from "./graph";
import { float, integer, integers, join, message, opening, text } from "./protobuf";

/**
 * Field numbers and constants of onnx.proto: what each call below names.
 *
 * Source    onnx/onnx.proto, IR version 7
 */
const IR_VERSION = 7;
const ELEMENT_TYPE = { F32: 1, I64: 7 } as const;
const ATTRIBUTE_TYPE = { float: 1, integer: 2, integers: 7 } as const;

/** A file in pieces: bytes at hand, or the elements of a constant, to be made when their turn comes. */
export type Piece = Uint8Array | Initializer;

export interface ModelEdges {
  readonly input: Edge;
  readonly output: Edge;
}

/** An ONNX ModelProto with its weights inside; only nodes and headers are in memory. */
export function encodeModel(graph: OnnxGraph, edges: ModelEdges, opset: number): Piece[] {
  const begin = [...graph.nodes.map(node), text(2, "gpen")];
  const end = [valueInfo(11, edges.input), valueInfo(12, edges.output)];
  const weights = graph.initializers.flatMap((initializer): Piece[] => [
    tensorHeader(initializer),
    initializer,
  ]);
  const body: Piece[] = [join(begin), ...weights, join(end)];
  const length = body.reduce((sum, piece) => sum + pieceBytes(piece), 0);
  const head = [integer(1, IR_VERSION), text(2, "gpen-webgpu"), opening(7, length)];
  return [join(head), ...body, message(8, [integer(2, opset)])];
}

export function pieceBytes(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.bytes;
}

function node({ op, name, inputs, output, attributes }: OnnxNode): Uint8Array {
  return message(1, [
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, name),
    text(4, op),
    ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  ]);
}

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") {
    return message(5, [text(1, name), integer(3, value), integer(20, ATTRIBUTE_TYPE.integer)]);
  }
  if ("float" in value) {
    return message(5, [text(1, name), float(2, value.float), integer(20, ATTRIBUTE_TYPE.float)]);
  }
  return message(5, [text(1, name), integers(8, value), integer(20, ATTRIBUTE_TYPE.integers)]);
}

/** Everything of a TensorProto but its elements, which follow and end it. */
function tensorHeader({ name, shape, type, bytes }: Initializer): Uint8Array {
  const fields = join([
    integers(1, shape),
    integer(2, ELEMENT_TYPE[type]),
    text(8, name),
    opening(9, bytes),
  ]);
  return join([opening(5, fields.length + bytes), fields]);
}

function valueInfo(field: number, { name, shape }: Edge): Uint8Array {
  return message(field, [text(1, name), message(2, [message(1, tensorType(shape))])]);
}

function tensorType(shape: Shape): Uint8Array[] {
  const sizes = shape.map((size) => message(1, [integer(1, size)]));
  return [integer(1, ELEMENT_TYPE.F32), message(2, sizes)];
}
