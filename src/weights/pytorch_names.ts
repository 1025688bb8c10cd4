import { numel, show } from "../tensor";
import type { Dialect } from "./pickle";
import { fail } from "./pickle_bytes";
import { isItem, type StorageRef, type TensorRef, type Value } from "./pickle_values";
import { quote } from "./quote";
import { elementCount } from "./stored";

/** Storage classes: element type and its bytes. The last ones are listed, and refused at read(). */
const STORAGES: ReadonlyMap<string, readonly [dtype: string, bytes: number]> = new Map([
  ["torch FloatStorage", ["F32", 4]],
  ["torch HalfStorage", ["F16", 2]],
  ["torch BFloat16Storage", ["BF16", 2]],
  ["torch DoubleStorage", ["F64", 8]],
  ["torch LongStorage", ["I64", 8]],
  ["torch IntStorage", ["I32", 4]],
  ["torch ShortStorage", ["I16", 2]],
  ["torch CharStorage", ["I8", 1]],
  ["torch ByteStorage", ["U8", 1]],
  ["torch BoolStorage", ["BOOL", 1]],
  ["torch.storage UntypedStorage", ["U8", 1]],
]);

const DICT = "collections OrderedDict";
const TENSOR = "torch._utils _rebuild_tensor_v2";
const PARAMETER = "torch._utils _rebuild_parameter";

/**
 * The names that a state dict saved by torch.save uses, and what calling them gives: a new
 * dictionary, a view of a storage, or the tensor of a parameter. Tensors are only described here.
 * `legacy` files give storages a fifth field, None unless the file is older than PyTorch 0.4.
 * Source: PyTorch torch/_utils.py, _rebuild_tensor_v2; torch/serialization.py, persistent_id
 */
export const PYTORCH_NAMES: Dialect = {
  globals: new Set([DICT, TENSOR, PARAMETER, ...STORAGES.keys()]),

  call(name, args, at) {
    if (name === DICT && args.length === 0) return new Map();
    if (name === TENSOR && args.length >= 6) return rebuildTensor(args, at);
    if (name === PARAMETER && args.length === 3 && isTensor(args[0])) return args[0];
    return fail(at, `a call of ${name.replace(" ", ".")} with ${args.length} arguments`);
  },

  persistent(id, at) {
    const fields = isItem(id) && id.kind === "tuple" ? id.items : [];
    const [tag, type, key, , count, view] = fields;
    const known = isItem(type) && type.kind === "global" ? STORAGES.get(type.name) : undefined;
    if (tag !== "storage" || !known || typeof key !== "string" || !isCount(count)) {
      return fail(at, 'a storage must be ("storage", class, key, place, number of elements)');
    }
    if (view !== undefined && view !== null) {
      fail(
        at,
        `storage ${quote(key)} is a view of another one; save the file with PyTorch 0.4 or later`,
      );
    }
    return { kind: "storage", key, dtype: known[0], elementBytes: known[1], count };
  },
};

export function isTensor(value: Value): value is TensorRef {
  return isItem(value) && value.kind === "tensor";
}

function rebuildTensor(args: readonly Value[], at: number): TensorRef {
  const [storage, offset, sizes, steps] = args;
  const shape = counts(sizes);
  const strides = counts(steps);
  const found = isItem(storage) && storage.kind === "storage" ? storage : undefined;
  if (!found || !isCount(offset) || !shape || !strides || shape.length !== strides.length) {
    return fail(at, "a tensor must have a storage, an offset, and as many strides as sizes");
  }
  checkView(found, offset, shape, strides, at);
  return { kind: "tensor", storage: found, offset, shape, strides };
}

function checkView(
  storage: StorageRef,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  at: number,
): void {
  const count = elementCount("pickle", `storage ${storage.key}`, shape);
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * strides[i], offset);
  if (offset > storage.count || (count > 0 && !(last < storage.count))) {
    fail(
      at,
      `a tensor ${show(shape)} ends at element ${last} of storage ${quote(storage.key)}, which has ${storage.count}`,
    );
  }
  // Repeated elements (expand) are no way to store weights, but one to make little look huge.
  if (count > storage.count) {
    fail(
      at,
      `a tensor ${show(shape)} of ${numel(shape)} elements repeats those of storage ${quote(storage.key)}, which has ${storage.count}; save a contiguous copy`,
    );
  }
}

function counts(value: Value): readonly number[] | undefined {
  if (!isItem(value) || value.kind !== "tuple") return undefined;
  return value.items.every(isCount) ? value.items : undefined;
}

function isCount(value: Value | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
