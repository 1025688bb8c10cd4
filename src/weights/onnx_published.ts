import { WeightsError } from "../errors";
import { numel, type Shape, show } from "../tensor";
import type { StoredTensor } from "./checkpoint";
import { type Constant, literal } from "./onnx_constant";
import { isNear, type Part } from "./onnx_layer";
import { quote } from "./quote";
import { checkFinite } from "./read_within";

const WHERE = "onnx";

/** What the published layout says of a tensor, and what the graph does with it. */
export interface Published {
  readonly name: string;
  readonly shape: Shape;
  /** The factor that GPEN multiplies the parameter by: an equalisation scale, or 1. */
  readonly scale: number;
  /** What the graph multiplies the layer's activation by: sqrt(2), or 1 where it was folded. */
  readonly gain?: number;
}

/**
 * A tensor under its published name. The graph's factor is either the published one, then the
 * numbers are the parameter itself, or 1, then they have been multiplied already: `folded`.
 *
 * Errors    WeightsError if there is another factor, or another number of elements than `shape`
 */
export function publish(part: Part | null, published: Published): StoredTensor {
  const { name, shape, scale, gain = Math.SQRT2 } = published;
  // Exporters drop a bias of zeros.
  const { constant, factor, check } = part ?? { constant: zeros(shape), factor: scale };
  const found = factor * constant.scale;
  if (!isNear(found, 1) && !isNear(found, scale)) {
    throw new WeightsError(
      `${WHERE}: ${quote(constant.origin)} (${name}) is multiplied by ${found} in the graph; GPEN multiplies it by ${scale}, exporters by that or by 1`,
    );
  }
  checkShape(constant, published);
  const isFolded = Math.abs(found - 1) < Math.abs(found - scale);
  const folded = (isFolded ? scale : 1) * (isNear(gain, Math.SQRT2) ? 1 : Math.SQRT2);
  const read = async () => {
    const numbers = await constant.load();
    if (numbers?.data.length !== numel(shape)) {
      throw new WeightsError(`${WHERE}: ${quote(constant.origin)} (${name}) cannot be computed`);
    }
    const values = checkFinite(WHERE, name, Float32Array.from(numbers.data));
    await check?.(values, name);
    return values;
  };
  return { shape, dtype: constant.dtype === "I64" ? "F32" : constant.dtype, folded, read };
}

function checkShape(constant: Constant, { name, shape }: Published): void {
  const ones = (sizes: Shape) => show(sizes.filter((size) => size !== 1));
  if (constant.shape === null || ones(constant.shape) !== ones(shape) || constant.dtype === "I64") {
    const got = constant.shape ? show(constant.shape) : "of unknown shape";
    throw new WeightsError(
      `${WHERE}: ${quote(constant.origin)} stands where ${name} ${show(shape)} belongs, but is ${got} ${constant.dtype}`,
    );
  }
}

export function zeros(shape: Shape): Constant {
  return literal(shape, new Array<number>(numel(shape)).fill(0), "zeros");
}
