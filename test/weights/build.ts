/** Small files made by hand, well-formed unless told otherwise: what readers are tried on. */
import { deflateRawSync } from "node:zlib";

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const arrays = parts.map((part) => Uint8Array.from(part));
  const out = new Uint8Array(arrays.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of arrays) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

export function le(value: number | bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));
}

/** CRC-32 a bit at a time: slow, and too short to be wrong in the way a table is. */
export function crc32ByBits(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

export function safetensors(header: unknown, elements: Uint8Array, length?: number | bigint) {
  const json = utf8(typeof header === "string" ? header : JSON.stringify(header));
  return concat(le(length ?? json.length, 8), json, elements);
}

export interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflate?: boolean;
  /** Overrides of what the directory says. */
  readonly crc?: number;
  readonly size?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly begin?: number;
  readonly localName?: string;
  readonly localMethod?: number;
}

export function zip(...files: ZipFile[]): Uint8Array {
  let body: Uint8Array = new Uint8Array();
  let directory: Uint8Array = new Uint8Array();
  for (const file of files) {
    const packed = file.deflate ? new Uint8Array(deflateRawSync(file.content)) : file.content;
    const method = file.method ?? (file.deflate ? 8 : 0);
    const sizes = [...le(packed.length, 4), ...le(file.size ?? file.content.length, 4)];
    const crc = le(file.crc ?? crc32ByBits(file.content), 4);
    const name = utf8(file.name);
    const own = utf8(file.localName ?? file.name);
    const begin = file.begin ?? body.length;
    const start = [...le(file.flags ?? 0, 2), ...le(file.localMethod ?? method, 2), 0, 0, 0, 0];
    const head = [...utf8("PK\x03\x04"), 20, 0, ...start, ...crc, ...sizes];
    body = concat(body, head, le(own.length, 2), [0, 0], own, packed);
    const entry = [...le(file.flags ?? 0, 2), ...le(method, 2), 0, 0, 0, 0, ...crc, ...sizes];
    const tail = [...le(name.length, 2), ...le(0, 12), ...le(begin, 4)];
    directory = concat(directory, utf8("PK\x01\x02"), [20, 0, 20, 0], entry, tail, name);
  }
  const counts = [...le(files.length, 2), ...le(files.length, 2)];
  const end = [...le(directory.length, 4), ...le(body.length, 4), 0, 0];
  return concat(body, directory, utf8("PK\x05\x06"), [0, 0, 0, 0], counts, end);
}

// Pickle opcodes, each as the bytes it takes.
export const op = {
  proto: (version: number) => [0x80, version],
  global: (module: string, name: string) => [...utf8(`c${module}\n${name}\n`)],
  text: (text: string) => [0x58, ...le(utf8(text).length, 4), ...utf8(text)],
  int: (value: number) => [0x4a, ...le(BigInt.asUintN(32, BigInt(value)), 4)],
  long: (value: bigint, bytes = 8) => [0x8a, bytes, ...le(BigInt.asUintN(8 * bytes, value), bytes)],
  mark: [0x28],
  tuple: [0x74],
  emptyTuple: [0x29],
  dict: [0x7d],
  list: [0x5d],
  append: [0x61],
  setItem: [0x73],
  setItems: [0x75],
  put: (index: number) => [0x72, ...le(index, 4)],
  get: (index: number) => [0x6a, ...le(index, 4)],
  reduce: [0x52],
  build: [0x62],
  persid: [0x51],
  none: [0x4e],
  no: [0x89],
  stop: [0x2e],
};

export function tupleOf(...items: (readonly number[])[]): number[] {
  return [...op.mark, ...items.flat(), ...op.tuple];
}

export interface View {
  readonly key?: string;
  readonly count?: number;
  readonly type?: string;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
}

const ints = (values: readonly number[]) =>
  tupleOf(
    ...values.map((value) => (Math.abs(value) < 2 ** 31 ? op.int(value) : op.long(BigInt(value)))),
  );

/** A tensor of two elements in storage "0", or what is given. */
export function tensor(view: View = {}): number[] {
  const { key = "0", count = 2, type = "FloatStorage", offset = 0 } = view;
  const { shape = [2], strides = [1] } = view;
  const id = [op.text("storage"), op.global("torch", type), op.text(key), op.text("cpu")];
  const storage = [...tupleOf(...id, ints([count]).slice(1, -1)), ...op.persid];
  const hooks = [...op.global("collections", "OrderedDict"), ...op.emptyTuple, ...op.reduce];
  const args = tupleOf(
    storage,
    ints([offset]).slice(1, -1),
    ints(shape),
    ints(strides),
    op.no,
    hooks,
  );
  return [...op.global("torch._utils", "_rebuild_tensor_v2"), ...args, ...op.reduce];
}

export function dictOf(entries: Readonly<Record<string, readonly number[]>>): number[] {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [...op.text(key), ...value]);
  return [...op.dict, ...op.mark, ...pairs, ...op.setItems];
}

/** A pickle of protocol 2 that ends in STOP. */
export function pickle(...code: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...op.proto(2), ...code.flat(), ...op.stop]);
}

/** A checkpoint as torch.save writes it, with the storage "0" = (1, -2) unless given. */
export function pth(object: Uint8Array, ...storages: Partial<ZipFile>[]): Uint8Array {
  const given = storages.length > 0 ? storages : [{}];
  const files = given.map((file, i) => ({ name: `w/data/${i}`, content: floats(1, -2), ...file }));
  return zip({ name: "w/data.pkl", content: object }, ...files);
}

/** The container before PyTorch 1.6; storages given as bytes are of float32. */
export function legacy(
  object: Uint8Array,
  keys: readonly string[],
  ...storages: (Uint8Array | Uint16Array)[]
): Uint8Array {
  const magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  const system = dictOf({ little_endian: [0x88] });
  const list = [...op.list, ...keys.flatMap((key) => [...op.text(key), ...op.append])];
  const raw = storages.map((elements) => {
    const count = elements instanceof Uint16Array ? elements.length : elements.length / 4;
    return concat(le(count, 8), new Uint8Array(elements.slice().buffer));
  });
  return concat(pickle(magic), pickle(op.int(1001)), pickle(system), object, pickle(list), ...raw);
}
