import type { Shape } from "../tensor";

/**
 * What the pickle of a checkpoint can hold. None is null, a list is an array, a dictionary is a
 * Map whose keys are strings and whole numbers.
 */
export type Value = null | boolean | number | string | Value[] | Dict | Item;
export type Dict = Map<string | number, Value>;
export type Item = Tuple | GlobalName | StorageRef | TensorRef;

export interface Tuple {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}

/** A name that the pickle refers to, "module name": never looked up, only compared. */
export interface GlobalName {
  readonly kind: "global";
  readonly name: string;
}

/** Elements in the container, under `key`. */
export interface StorageRef {
  readonly kind: "storage";
  readonly key: string;
  readonly dtype: string;
  readonly elementBytes: number;
  readonly count: number;
}

/** A view of a storage; offset and strides count elements. */
export interface TensorRef {
  readonly kind: "tensor";
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

export function isItem(value: Value): value is Item {
  return typeof value === "object" && value !== null && "kind" in value;
}
