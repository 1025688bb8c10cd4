import { WeightsError } from "../errors";
import type { Dict, TensorRef, Value } from "./pickle_values";
import { isTensor } from "./pytorch_names";
import { quote } from "./quote";

const WHERE = "pytorch";
const PARALLEL = "module."; // what torch.nn.DataParallel puts before every name

/**
 * The tensors of a checkpoint by name. A root without tensors of its own is a training checkpoint:
 * the weights are its entry `key`, by default "g_ema" (the averaged generator). Numbers and text
 * beside tensors (an iteration counter) are passed over; "module." is dropped if every name has it.
 *
 * Errors    WeightsError that lists the entries if `key` is none of them; that names the entry if
 *           something beside the tensors is neither number nor text
 */
export function stateDict(root: Value, key: string | undefined): Map<string, TensorRef> {
  if (!(root instanceof Map)) {
    throw new WeightsError(
      `${WHERE}: the file holds ${describe(root)}, a dictionary of tensors was expected; save the model's state_dict()`,
    );
  }
  const plain = [...root.values()].some(isTensor);
  const tensors = collect(plain && key === undefined ? root : entryOf(root, key ?? "g_ema", plain));
  const names = [...tensors.keys()];
  if (!names.every((name) => name.startsWith(PARALLEL))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice(PARALLEL.length), tensor]));
}

function entryOf(root: Dict, key: string, plain: boolean): Dict {
  const entry = root.get(key);
  if (entry instanceof Map && [...entry.values()].some(isTensor)) return entry;
  const keys = [...root].filter(([, value]) => value instanceof Map).map(([name]) => name);
  const found = plain
    ? "the file is a plain state dict; leave --key out"
    : `${list(keys)}; choose one with --key NAME`;
  const problem =
    entry === undefined ? `no entry ${quote(key)}` : `no tensors in the entry ${quote(key)}`;
  throw new WeightsError(`${WHERE}: there is ${problem}; ${found}`);
}

function list(keys: readonly (string | number)[]): string {
  if (keys.length === 0) return "no entry is a dictionary, so this is not a checkpoint";
  const shown = keys.slice(0, 20).map((key) => quote(String(key)));
  return `dictionaries are ${shown.join(", ")}${keys.length > 20 ? ", ..." : ""}`;
}

function collect(dict: Dict): Map<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  for (const [name, value] of dict) {
    if (isTensor(value)) {
      if (typeof name !== "string") {
        throw new WeightsError(`${WHERE}: a tensor is called ${name}; names must be strings`);
      }
      tensors.set(name, value);
    } else if (value !== null && typeof value === "object") {
      throw new WeightsError(
        `${WHERE}: ${quote(String(name))} beside the tensors is ${describe(value)}; a tensor, number or text was expected`,
      );
    }
  }
  return tensors;
}

function describe(value: Value): string {
  if (value === null) return "None";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (value instanceof Map) return "a dictionary";
  return Array.isArray(value) ? "a list" : `a ${value.kind}`;
}
