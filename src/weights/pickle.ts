import { type Cursor, f64, fail, i32, line, long, take, text, u8, u16, u32 } from "./pickle_bytes";
import { type GlobalName, isItem, type Tuple, type Value } from "./pickle_values";
import { quote } from "./quote";

/** What a container adds to the language: the closed list of names, and what calling them gives. */
export interface Dialect {
  readonly globals: ReadonlySet<string>;
  /** Each of these throws a WeightsError if the arguments are not what the name takes. */
  call(name: string, args: readonly Value[], at: number): Value;
  persistent(id: Value, at: number): Value;
}

interface Machine {
  readonly cursor: Cursor;
  readonly dialect: Dialect;
  readonly stack: Value[];
  readonly marks: number[];
  readonly memo: Map<number, Value>;
}

// A state dict of 10,000 tensors takes a stack of about 2,000 values (pairs are set 1,000 at a
// time) and a memo of about 150,000.
const MAX_STACK = 2 ** 16;
const MAX_MARKS = 2 ** 10;
const MAX_MEMO = 2 ** 22;
const MAX_STEPS = 2 ** 20; // 30 or so for each tensor
const STOP = 0x2e;

/**
 * Unpickles data, and data only: nothing is imported, and nothing is called but `dialect`. Every
 * opcode outside the list below is an error. Each takes a byte at least, and none copies more
 * than it read, so time and memory are linear in the length.
 *
 * Errors    WeightsError with the opcode or the name, and its byte
 * Source    CPython Lib/pickletools.py; protocols 2 to 4, as torch.save writes them
 */
export function unpickle(cursor: Cursor, dialect: Dialect): Value {
  const m: Machine = { cursor, dialect, stack: [], marks: [], memo: new Map() };
  for (let steps = 0; ; steps++) {
    const at = cursor.position;
    if (steps > MAX_STEPS) fail(at, `it takes more than ${MAX_STEPS} steps`);
    const opcode = u8(cursor);
    if (opcode === STOP) break;
    const run = OPCODES.get(opcode);
    if (!run) {
      const hex = opcode.toString(16).padStart(2, "0");
      return fail(at, `opcode 0x${hex} is not one that plain checkpoints use, so it is refused`);
    }
    const value = run(m, at);
    if (value !== undefined) m.stack.push(value);
    if (m.stack.length > MAX_STACK || m.marks.length > MAX_MARKS) {
      fail(at, `more than ${MAX_STACK} values or ${MAX_MARKS} marks are open: too deeply nested`);
    }
  }
  if (m.stack.length !== 1 || m.marks.length !== 0) {
    fail(cursor.position - 1, `it stops with ${m.stack.length} values, 1 was expected`);
  }
  return m.stack[0];
}

/** What the opcode leaves on the stack, or undefined where it leaves nothing of its own. */
type Run = (m: Machine, at: number) => Value | undefined;

const OPCODES: ReadonlyMap<number, Run> = new Map<number, Run>([
  [0x80, protocol],
  [0x95, (m) => void take(m.cursor, 8)], // FRAME: a length, for readers that read ahead
  [0x4e, () => null], // NONE
  [0x88, () => true], // NEWTRUE
  [0x89, () => false], // NEWFALSE
  [0x4a, (m) => i32(m.cursor)], // BININT
  [0x4b, (m) => u8(m.cursor)], // BININT1
  [0x4d, (m) => u16(m.cursor)], // BININT2
  [0x8a, (m) => long(m.cursor)], // LONG1
  [0x47, (m) => f64(m.cursor)], // BINFLOAT
  [0x58, (m) => text(m.cursor, u32(m.cursor))], // BINUNICODE
  [0x8c, (m) => text(m.cursor, u8(m.cursor))], // SHORT_BINUNICODE
  [0x28, (m) => void m.marks.push(m.stack.length)], // MARK
  [0x29, () => tuple([])], // EMPTY_TUPLE
  [0x74, (m, at) => tuple(popToMark(m, at))], // TUPLE
  [0x85, (m, at) => tuple(pop(m, 1, at))], // TUPLE1
  [0x86, (m, at) => tuple(pop(m, 2, at))], // TUPLE2
  [0x87, (m, at) => tuple(pop(m, 3, at))], // TUPLE3
  [0x5d, () => []], // EMPTY_LIST
  [0x61, (m, at) => append(m, pop(m, 1, at), at)], // APPEND
  [0x65, (m, at) => append(m, popToMark(m, at), at)], // APPENDS
  [0x7d, () => new Map()], // EMPTY_DICT
  [0x73, (m, at) => setItems(m, pop(m, 2, at), at)], // SETITEM
  [0x75, (m, at) => setItems(m, popToMark(m, at), at)], // SETITEMS
  [0x71, (m, at) => remember(m, u8(m.cursor), at)], // BINPUT
  [0x72, (m, at) => remember(m, u32(m.cursor), at)], // LONG_BINPUT
  [0x94, (m, at) => remember(m, m.memo.size, at)], // MEMOIZE
  [0x68, (m, at) => recall(m, u8(m.cursor), at)], // BINGET
  [0x6a, (m, at) => recall(m, u32(m.cursor), at)], // LONG_BINGET
  [0x63, (m, at) => globalName(m, line(m.cursor), line(m.cursor), at)], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, reduce], // REDUCE
  [0x62, build], // BUILD
  [0x51, (m, at) => m.dialect.persistent(pop(m, 1, at)[0], at)], // BINPERSID
]);

function tuple(items: readonly Value[]): Tuple {
  return { kind: "tuple", items };
}

function protocol(m: Machine, at: number): undefined {
  const version = u8(m.cursor);
  if (version < 2 || version > 4) fail(at, `it is of protocol ${version}; 2 to 4 are read`);
}

/** The last `count` values, none of them from before the last mark. */
function pop(m: Machine, count: number, at: number): Value[] {
  if (m.stack.length - (m.marks.at(-1) ?? 0) < count) fail(at, "the stack is empty");
  return m.stack.splice(m.stack.length - count);
}

function popToMark(m: Machine, at: number): Value[] {
  const mark = m.marks.pop() ?? fail(at, "no mark is open");
  return m.stack.splice(mark);
}

function top(m: Machine, at: number): Value {
  if (m.stack.length === (m.marks.at(-1) ?? 0)) fail(at, "the stack is empty");
  return m.stack[m.stack.length - 1];
}

function append(m: Machine, items: readonly Value[], at: number): undefined {
  const list = top(m, at);
  if (!Array.isArray(list)) return fail(at, "values are appended to what is not a list");
  for (const item of items) list.push(item);
}

function setItems(m: Machine, items: readonly Value[], at: number): undefined {
  const dict = top(m, at);
  if (!(dict instanceof Map)) return fail(at, "entries are set in what is not a dictionary");
  if (items.length % 2) fail(at, "a key has no value");
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i];
    if (typeof key !== "string" && !Number.isInteger(key)) {
      fail(at, "a key of a dictionary is neither a string nor a whole number");
    }
    if (dict.has(key as string | number)) fail(at, `the key ${quote(String(key))} is set twice`);
    dict.set(key as string | number, items[i + 1]);
  }
}

function remember(m: Machine, index: number, at: number): undefined {
  if (index >= MAX_MEMO) fail(at, `memo index ${index} exceeds ${MAX_MEMO}`);
  m.memo.set(index, top(m, at));
}

function recall(m: Machine, index: number, at: number): Value {
  const value = m.memo.get(index);
  return value === undefined ? fail(at, `memo ${index} is read before it is set`) : value;
}

function stackGlobal(m: Machine, at: number): GlobalName {
  const [module, name] = pop(m, 2, at);
  if (typeof module !== "string" || typeof name !== "string") fail(at, "a name is not a string");
  return globalName(m, module as string, name as string, at);
}

function globalName(m: Machine, module: string, name: string, at: number): GlobalName {
  const full = `${module} ${name}`;
  if (!m.dialect.globals.has(full)) {
    fail(
      at,
      `it refers to ${quote(`${module}.${name}`)}, which plain checkpoints do not use; nothing was run, the file is refused`,
    );
  }
  return { kind: "global", name: full };
}

function reduce(m: Machine, at: number): Value {
  const [callee, args] = pop(m, 2, at);
  if (!isItem(callee) || callee.kind !== "global" || !isItem(args) || args.kind !== "tuple") {
    return fail(at, "a call takes a name and a tuple of arguments");
  }
  return m.dialect.call(callee.name, args.items, at);
}

/** Attributes of a dictionary (a state dict's _metadata: versions of modules) are dropped. */
function build(m: Machine, at: number): undefined {
  const [state] = pop(m, 1, at);
  if (!(top(m, at) instanceof Map) || !(state instanceof Map)) {
    fail(at, "state is set on what is not a dictionary");
  }
}
