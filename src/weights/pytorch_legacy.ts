import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import { unpickle } from "./pickle";
import { type Cursor, cursorAt } from "./pickle_bytes";
import type { StorageRef, Value } from "./pickle_values";
import type { Saved } from "./pytorch";
import { PYTORCH_NAMES } from "./pytorch_names";
import { quote } from "./quote";
import { readWithin } from "./read_within";

const WHERE = "pytorch legacy";
/** A pickle of protocol 2 that holds the number 0x1950a86a20f9469cfc6c. */
const MAGIC = Uint8Array.from([
  ...[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
]);
const VERSION = 1001;
const WINDOWS = [2 ** 20, 2 ** 25]; // bytes; a GPEN's pickles take 50 kB, and more is rare

export async function isLegacy(source: ByteSource): Promise<boolean> {
  if (source.size < MAGIC.length) return false;
  const first = await source.read(0, MAGIC.length);
  return MAGIC.every((byte, i) => first[i] === byte);
}

/**
 * The container before PyTorch 1.6: pickles of a magic number, a version, facts about the system,
 * the object, and the keys of its storages; then for each key a u64 count and the elements.
 * Source: PyTorch torch/serialization.py, _legacy_save
 */
export async function readLegacy(source: ByteSource): Promise<Saved> {
  const storages = new Map<string, StorageRef>();
  const { root, keys, end } = await readPickles(source, storages);
  const begins = await findStorages(source, storages, keys, end);
  return {
    root,
    check: () => {}, // all of them were, to find where each begins
    read: async (storage, begin, length, scratch) => {
      const at = begins.get(storage.key)! + begin;
      return readWithin(source, WHERE, `storage ${quote(storage.key)}`, at, length, scratch);
    },
  };
}

interface Pickles {
  readonly root: Value;
  readonly keys: readonly string[];
  /** The byte behind the last pickle. */
  readonly end: number;
}

/** How long the pickles are is only known once they are read: with a larger window if need be. */
async function readPickles(
  source: ByteSource,
  storages: Map<string, StorageRef>,
): Promise<Pickles> {
  for (const window of WINDOWS) {
    const length = Math.min(window, source.size);
    const bytes = await readWithin(source, WHERE, "the pickles", 0, length);
    const cursor = cursorAt(bytes, MAGIC.length);
    try {
      return parsePickles(cursor, storages);
    } catch (error) {
      const more = cursor.exhausted && length < source.size && window !== WINDOWS.at(-1);
      if (!more) throw error;
      storages.clear();
    }
  }
  throw new WeightsError(`${WHERE}: the pickles take more than ${WINDOWS.at(-1)} bytes`);
}

function parsePickles(cursor: Cursor, storages: Map<string, StorageRef>): Pickles {
  const version = unpickle(cursor, PLAIN);
  if (version !== VERSION) {
    throw new WeightsError(`${WHERE}: the container is of version ${version}, ${VERSION} is read`);
  }
  const system = unpickle(cursor, PLAIN);
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw new WeightsError(`${WHERE}: the file does not say little_endian; only that is read`);
  }
  const root = unpickle(cursor, collecting(storages));
  const keys = unpickle(cursor, PLAIN);
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) {
    throw new WeightsError(`${WHERE}: the keys of the storages must be a list of strings`);
  }
  return { root, keys, end: cursor.position };
}

/** Numbers, strings and their collections; no names at all. */
const PLAIN = { ...PYTORCH_NAMES, globals: new Set<string>() };

/** Notes every storage that the object refers to: their lengths are needed to find the next. */
function collecting(storages: Map<string, StorageRef>): typeof PYTORCH_NAMES {
  return {
    ...PYTORCH_NAMES,
    persistent(id, at) {
      const found = PYTORCH_NAMES.persistent(id, at) as StorageRef;
      const known = storages.get(found.key) ?? found;
      if (known.dtype !== found.dtype || known.count !== found.count) {
        throw new WeightsError(
          `${WHERE}: storage ${quote(found.key)} is ${known.count} ${known.dtype} in one place and ${found.count} ${found.dtype} in another`,
        );
      }
      storages.set(found.key, known);
      return known;
    },
  };
}

/** The first byte of each storage's elements. */
async function findStorages(
  source: ByteSource,
  storages: ReadonlyMap<string, StorageRef>,
  keys: readonly string[],
  end: number,
): Promise<Map<string, number>> {
  const begins = new Map<string, number>();
  let at = end;
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage || begins.has(key)) {
      throw new WeightsError(
        `${WHERE}: storage ${quote(key)} is ${storage ? "listed twice" : "not used"}; the file is damaged`,
      );
    }
    const head = await readWithin(source, WHERE, `length of storage ${quote(key)}`, at, 8);
    const count = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
    const bytes = storage.count * storage.elementBytes;
    if (count !== BigInt(storage.count) || at + 8 + bytes > source.size) {
      throw new WeightsError(
        `${WHERE}: storage ${quote(key)} at byte ${at} has ${count} elements, ${storage.count} were announced and ${source.size - at - 8} bytes are left; the file is cut short or damaged`,
      );
    }
    begins.set(key, at + 8);
    at += 8 + bytes;
  }
  const missing = [...storages.keys()].find((key) => !begins.has(key));
  if (missing !== undefined || at !== source.size) {
    throw new WeightsError(
      `${WHERE}: ${missing === undefined ? `the storages end at byte ${at} of ${source.size}` : `storage ${quote(missing)} is missing`}; the file is damaged`,
    );
  }
  return begins;
}
