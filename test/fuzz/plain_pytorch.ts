/** The PyTorch part of plain_reader.ts: both containers, and a pickle machine that trusts its input. */
import { inflateRawSync } from "node:zlib";
import { elements, type PlainTensor, type Tensors, viewOf, WIDTH } from "./plain_reader";

/** Name → content; sizes and places from the directory, which is found by its signatures alone. */
function plainZip(bytes: Uint8Array): Map<string, () => Uint8Array> {
  const file = Buffer.from(bytes);
  const end = file.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const end64 = file.lastIndexOf("PK\x06\x07", undefined, "latin1");
  let [count, at] = [file.readUInt16LE(end + 10), file.readUInt32LE(end + 16)];
  if (end64 >= 0 && end64 === end - 20) {
    const record = Number(file.readBigUInt64LE(end64 + 8));
    count = Number(file.readBigUInt64LE(record + 32));
    at = Number(file.readBigUInt64LE(record + 48));
  }
  const files = new Map<string, () => Uint8Array>();
  for (; count > 0; count--) {
    const name = file.subarray(at + 46, at + 46 + file.readUInt16LE(at + 28)).toString("utf8");
    const extra = at + 46 + file.readUInt16LE(at + 28);
    const extraEnd = extra + file.readUInt16LE(at + 30);
    let wide = extra;
    while (wide < extraEnd && file.readUInt16LE(wide) !== 1)
      wide += 4 + file.readUInt16LE(wide + 2);
    wide += 4;
    const [, packed, begin] = [24, 20, 42].map((field) => {
      const value = file.readUInt32LE(at + field);
      if (value !== 0xffffffff) return value;
      wide += 8;
      return Number(file.readBigUInt64LE(wide - 8));
    });
    const deflated = file.readUInt16LE(at + 10) === 8;
    files.set(name, () => {
      const start = begin + 30 + file.readUInt16LE(begin + 26) + file.readUInt16LE(begin + 28);
      const content = file.subarray(start, start + packed);
      return deflated ? inflateRawSync(content) : content;
    });
    at = extraEnd + file.readUInt16LE(at + 32);
  }
  return files;
}

const DTYPES: Record<string, string> = {
  ...{ "torch.FloatStorage": "F32", "torch.HalfStorage": "F16" },
  ...{ "torch.BFloat16Storage": "BF16", "torch.DoubleStorage": "F64" },
};
const INTEGER_WIDTH: Record<string, number> = {
  ...{ "torch.LongStorage": 8, "torch.IntStorage": 4, "torch.ShortStorage": 2 },
};

interface Storage {
  type: string;
  key: string;
  count: number;
}
interface View {
  storage: Storage;
  offset: number;
  shape: number[];
  strides: number[];
}
const isView = (value: unknown): value is View =>
  typeof value === "object" && value !== null && "strides" in value;

const MARK = Symbol("mark");

/** What torch.load would build, of strings, arrays (also for tuples), Maps, Storage and View. */
function plainPickle(file: Buffer, start: number): { value: unknown; end: number } {
  let at = start;
  const stack: unknown[] = [];
  const memo: unknown[] = [];
  const next = (n: number) => {
    at += n;
    return file.subarray(at - n, at);
  };
  const text = (n: number) => next(n).toString("utf8");
  const line = () => {
    const found = text(file.indexOf(10, at) - at);
    at++;
    return found;
  };
  const marked = () => stack.splice(stack.lastIndexOf(MARK)).slice(1);
  const last = (n: number) => stack.splice(stack.length - n);
  const fill = (pairs: unknown[]) => {
    const map = stack.at(-1) as Map<unknown, unknown>;
    for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1]);
  };
  const call = ([name, args]: unknown[]): unknown => {
    const a = args as unknown[];
    if (name === "collections.OrderedDict") return new Map();
    if (name === "torch._utils._rebuild_parameter") return a[0];
    const [storage, offset, shape, strides] = a;
    return { storage, offset, shape, strides };
  };
  const storage = ([id]: unknown[]): Storage => {
    const [, type, key, , count] = id as [string, string, string, string, number];
    return { type, key, count };
  };
  const long = () => {
    const digits = [...next(next(1)[0])].reverse();
    const value = digits.reduce((sum, digit) => sum * 256n + BigInt(digit), 0n);
    return Number(BigInt.asIntN(8 * digits.length, value));
  };
  for (;;) {
    const opcode = String.fromCharCode(next(1)[0]);
    if (opcode === ".") return { value: stack[0], end: at };
    else if (opcode === "\x80") next(1);
    else if (opcode === "\x95") next(8);
    else if (opcode === "N") stack.push(null);
    else if (opcode === "\x88") stack.push(true);
    else if (opcode === "\x89") stack.push(false);
    else if (opcode === "J") stack.push(next(4).readInt32LE());
    else if (opcode === "K") stack.push(next(1)[0]);
    else if (opcode === "M") stack.push(next(2).readUInt16LE());
    else if (opcode === "\x8a") stack.push(long());
    else if (opcode === "G") stack.push(next(8).readDoubleBE());
    else if (opcode === "X") stack.push(text(next(4).readUInt32LE()));
    else if (opcode === "\x8c") stack.push(text(next(1)[0]));
    else if (opcode === "(") stack.push(MARK);
    else if (opcode === ")") stack.push([]);
    else if (opcode === "t") stack.push(marked());
    else if (opcode === "\x85") stack.push(last(1));
    else if (opcode === "\x86") stack.push(last(2));
    else if (opcode === "\x87") stack.push(last(3));
    else if (opcode === "]") stack.push([]);
    else if (opcode === "a") (([item]) => (stack.at(-1) as unknown[]).push(item))(last(1));
    else if (opcode === "e") ((items) => (stack.at(-1) as unknown[]).push(...items))(marked());
    else if (opcode === "}") stack.push(new Map());
    else if (opcode === "s") fill(last(2));
    else if (opcode === "u") fill(marked());
    else if (opcode === "q") memo[next(1)[0]] = stack.at(-1);
    else if (opcode === "r") memo[next(4).readUInt32LE()] = stack.at(-1);
    else if (opcode === "\x94") memo[Object.keys(memo).length] = stack.at(-1);
    else if (opcode === "h") stack.push(memo[next(1)[0]]);
    else if (opcode === "j") stack.push(memo[next(4).readUInt32LE()]);
    else if (opcode === "c") stack.push(`${line()}.${line()}`);
    else if (opcode === "\x93") stack.push(last(2).join("."));
    else if (opcode === "R") stack.push(call(last(2)));
    else if (opcode === "b") last(1);
    else if (opcode === "Q") stack.push(storage(last(1)));
    else throw new Error(`plain reader: opcode ${opcode.charCodeAt(0)}`);
  }
}

function plainView(
  { storage, offset, shape, strides }: View,
  content: () => Uint8Array,
): PlainTensor {
  const place = (i: number) => {
    let [rest, from] = [i, offset];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += (rest % shape[d]) * strides[d];
      rest = Math.floor(rest / shape[d]);
    }
    return from;
  };
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, values: () => elements(DTYPES[storage.type], viewOf(content()), count, place) };
}

function plainStateDict(root: unknown, content: (storage: Storage) => Uint8Array): Tensors {
  let dict = root as Map<string, unknown>;
  if (![...dict.values()].some(isView)) dict = dict.get("g_ema") as Map<string, unknown>;
  const views = [...dict].filter((entry): entry is [string, View] => isView(entry[1]));
  const cut = views.every(([name]) => name.startsWith("module.")) ? "module.".length : 0;
  return new Map(
    views.map(([name, view]) => [name.slice(cut), plainView(view, () => content(view.storage))]),
  );
}

export function plainPytorch(bytes: Uint8Array): Tensors {
  const files = plainZip(bytes);
  const name = [...files.keys()].find((key) => key.endsWith("/data.pkl"))!;
  const { value } = plainPickle(Buffer.from(files.get(name)!()), 0);
  return plainStateDict(value, ({ key }) => files.get(name.replace("data.pkl", `data/${key}`))!());
}

export function plainLegacy(bytes: Uint8Array): Tensors {
  const file = Buffer.from(bytes);
  const parts: unknown[] = [];
  let at = 15; // behind the magic number
  const widths = new Map<string, number>();
  for (let i = 0; i < 4; i++) {
    const { value, end } = plainPickle(file, at);
    parts.push(value);
    at = end;
  }
  const root = parts[2] as Map<string, unknown>;
  const noteAll = (dict: Map<string, unknown>) => {
    for (const item of dict.values()) {
      if (item instanceof Map) noteAll(item);
      if (!isView(item)) continue;
      const { type, key } = item.storage;
      widths.set(key, WIDTH[DTYPES[type]] ?? INTEGER_WIDTH[type] ?? 1);
    }
  };
  noteAll(root);
  const contents = new Map<string, Uint8Array>();
  for (const key of parts[3] as string[]) {
    const length = Number(file.readBigUInt64LE(at)) * (widths.get(key) ?? 1);
    contents.set(key, file.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return plainStateDict(root, ({ key }) => contents.get(key)!);
}
