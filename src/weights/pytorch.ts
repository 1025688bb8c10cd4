import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import type { FormatOptions } from "./format";
import { unpickle } from "./pickle";
import { cursorAt } from "./pickle_bytes";
import type { StorageRef, Value } from "./pickle_values";
import { isLegacy, readLegacy } from "./pytorch_legacy";
import { PYTORCH_NAMES } from "./pytorch_names";
import { type StorageReader, viewTensor } from "./pytorch_tensor";
import { quote } from "./quote";
import { stateDict } from "./state_dict";
import { openZip, type Zip } from "./zip";

const WHERE = "pytorch";
const MAX_PICKLE = 2 ** 24; // bytes; a GPEN's is 50 kB, with both optimisers 500 kB

/**
 * Opens what torch.save wrote: a state dict, or a training checkpoint that holds some. Both
 * containers are read: ZIP (PyTorch 1.6 and later) and the stream of pickles before it. Nothing
 * in the file is run. Only the descriptions are read here; each tensor reads its own bytes.
 *
 * Errors    WeightsError: see readZipDirectory, unpickle and stateDict; storages that are missing
 *           or of another size than announced. Integer tensors are listed, and refused at read().
 * Source    PyTorch torch/serialization.py
 */
export async function readPytorch(
  source: ByteSource,
  options: FormatOptions = {},
): Promise<Checkpoint> {
  const legacy = await isLegacy(source);
  const { root, check, read } = legacy ? await readLegacy(source) : await readZipped(source);
  const views = stateDict(root, options.key);
  for (const { storage } of views.values()) check(storage);
  const tensors = new Map([...views].map(([name, view]) => [name, viewTensor(name, view, read)]));
  return { format: legacy ? "pytorch-legacy" : "pytorch", tensors, metadata: new Map() };
}

/** The object that was saved, and where the elements of its storages are. */
export interface Saved {
  readonly root: Value;
  /** Throws a WeightsError if the file does not hold the storage as it was announced. */
  readonly check: (storage: StorageRef) => void;
  readonly read: StorageReader;
}

async function readZipped(source: ByteSource): Promise<Saved> {
  const zip = await openZip(source);
  const names = [...zip.entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const pickle = zip.entries.get(names[0]);
  if (!pickle || names.length > 1) {
    throw new WeightsError(
      `${WHERE}: this ZIP archive holds ${names.length} data.pkl, 1 was expected; is it a file that torch.save wrote?`,
    );
  }
  if (pickle.size > MAX_PICKLE) {
    throw new WeightsError(
      `${WHERE}: ${quote(pickle.name)} of ${pickle.size} bytes exceeds 2^24; a checkpoint's is far smaller`,
    );
  }
  const folder = pickle.name.slice(0, -"data.pkl".length);
  await checkByteOrder(zip, `${folder}byteorder`);
  const root = unpickle(cursorAt(await zip.read(pickle)), PYTORCH_NAMES);
  const entryOf = (storage: StorageRef) => zip.entries.get(`${folder}data/${storage.key}`);
  return {
    root,
    check: (storage) => checkStorage(storage, entryOf(storage)?.size),
    read: (storage, begin, length, scratch) => zip.read(entryOf(storage)!, begin, length, scratch),
  };
}

/** `size` is undefined where the file has no such storage. */
function checkStorage(storage: StorageRef, size: number | undefined): void {
  const bytes = storage.count * storage.elementBytes;
  if (size !== bytes) {
    throw new WeightsError(
      `${WHERE}: storage ${quote(storage.key)} is announced with ${bytes} bytes, the file has ${size ?? "none"}; it is damaged`,
    );
  }
}

async function checkByteOrder(zip: Zip, name: string): Promise<void> {
  const entry = zip.entries.get(name);
  if (!entry) return; // before PyTorch 2.1 files did not say
  const order = entry.size < 16 ? new TextDecoder().decode(await zip.read(entry)) : "longer text";
  if (order !== "little") {
    throw new WeightsError(`${WHERE}: ${quote(name)} says ${quote(order)}; only "little" is read`);
  }
}
