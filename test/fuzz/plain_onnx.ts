/** The ONNX part of plain_reader.ts: the raw constants of a file, wherever in it they are. */

interface Field {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly content: Buffer;
}

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag % 8;
    const value = wire === 0 || wire === 2 ? varint() : 0;
    const length = wire === 2 ? value : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    found.push({
      number: Math.floor(tag / 8),
      wire,
      value,
      content: message.subarray(at, at + length),
    });
    at += length;
  }
  return found;
}

const all = (message: Buffer, number: number) =>
  fields(message).filter((field) => field.number === number);

/** The float32 values of a TensorProto; F16 bits are in raw_data (9) or int32_data (5). */
function tensorValues(tensor: Buffer, half: (bits: number) => number): number[] {
  const type = all(tensor, 2).at(-1)?.value;
  const raw = all(tensor, 9).at(-1)?.content ?? Buffer.alloc(0);
  const values: number[] = [];
  if (type === 1) {
    for (let i = 0; i + 4 <= raw.length; i += 4) values.push(raw.readFloatLE(i));
    for (const { content } of all(tensor, 4)) {
      for (let i = 0; i + 4 <= content.length; i += 4) values.push(content.readFloatLE(i));
    }
  } else if (type === 10) {
    for (let i = 0; i + 2 <= raw.length; i += 2) values.push(half(raw.readUInt16LE(i)));
  }
  return values;
}

/**
 * The values of every float initializer (graph 7 → 5) and Constant node (graph 7 → node 1 →
 * attribute 5 → tensor 5), in the order of the file. Which of them is which tensor of a GPEN is
 * the importer's work; here only the numbers count.
 */
export function plainConstants(bytes: Uint8Array, half: (bits: number) => number): number[][] {
  const graphs = all(Buffer.from(bytes), 7).map(({ content }) => content);
  const initializers = graphs.flatMap((graph) => all(graph, 5));
  const attributes = graphs
    .flatMap((graph) => all(graph, 1))
    .flatMap((node) => all(node.content, 5));
  const constants = attributes.flatMap((attribute) => all(attribute.content, 5));
  return [...initializers, ...constants].map(({ content }) => tensorValues(content, half));
}
