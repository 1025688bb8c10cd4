/** A constant of a TensorFlow Lite model. */
export interface TfliteTensor {
  readonly shape: readonly number[];
  /** Its elements; of f16, two bytes each. */
  readonly bytes: Uint8Array;
}

/** Fields of the schema that are read, by position: schema.fbs of TensorFlow Lite, version 3. */
const MODEL = { subgraphs: 2, buffers: 4 };
const SUBGRAPH = { tensors: 0 };
const TENSOR = { shape: 0, type: 1, buffer: 2, name: 3 };
const BUFFER = { data: 0 };
const FLOAT16 = 1;

/** The f16 constants of a .tflite file, by name. Throws if it is none. */
export function readTflite(file: Uint8Array): Map<string, TfliteTensor> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (new TextDecoder().decode(file.subarray(4, 8)) !== "TFL3") {
    throw new Error("tflite: the file must have TFL3 at byte 4; it is no TensorFlow Lite model");
  }
  const model = view.getUint32(0, true);
  const [subgraph] = tables(view, model, MODEL.subgraphs);
  const buffers = tables(view, model, MODEL.buffers);
  const constants = new Map<string, TfliteTensor>();
  for (const tensor of tables(view, subgraph, SUBGRAPH.tensors)) {
    const type = field(view, tensor, TENSOR.type);
    const buffer = field(view, tensor, TENSOR.buffer);
    const data = buffer && vector(view, buffers[view.getUint32(buffer, true)], BUFFER.data);
    if (!type || view.getUint8(type) !== FLOAT16 || !data || data.length === 0) continue;
    const name = vector(view, tensor, TENSOR.name);
    const shape = vector(view, tensor, TENSOR.shape);
    constants.set(new TextDecoder().decode(file.subarray(name.first, name.first + name.length)), {
      shape: Array.from({ length: shape.length }, (_, i) =>
        view.getInt32(shape.first + 4 * i, true),
      ),
      bytes: Uint8Array.from(file.subarray(data.first, data.first + data.length)),
    });
  }
  return constants;
}

/** Where a table's field lies, or 0 if it has its default. Source: FlatBuffers, internals. */
function field(view: DataView, table: number, index: number): number {
  const vtable = table - view.getInt32(table, true);
  const at = 4 + 2 * index;
  const offset = at < view.getUint16(vtable, true) ? view.getUint16(vtable + at, true) : 0;
  return offset && table + offset;
}

function vector(view: DataView, table: number, index: number): { first: number; length: number } {
  const at = field(view, table, index);
  if (!at) return { first: 0, length: 0 };
  const start = at + view.getUint32(at, true);
  return { first: start + 4, length: view.getUint32(start, true) };
}

function tables(view: DataView, table: number, index: number): number[] {
  const { first, length } = vector(view, table, index);
  return Array.from({ length }, (_, i) => {
    const at = first + 4 * i;
    return at + view.getUint32(at, true);
  });
}
