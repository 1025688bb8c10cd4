import { WeightsError } from "../errors";
import type { Constant } from "./onnx_constant";
import { isNear, type Layer, layerOf, type Part, refuse } from "./onnx_layer";
import { type Flow, isWhole, type Linear, product, type Stat } from "./onnx_signal";
import { quote } from "./quote";

/** The fully connected layer that makes a style of the latent w. */
export type Style = Layer;

/** Throws, when the weights are read, if they are not what the graph demodulates by. */
export type WeightCheck = (weight: Float32Array, name: string) => Promise<void>;

export function styleOf({ node, style, weight }: Linear): Style {
  if (!style) return refuse(node, "a convolution modulated by a style");
  const layer = layerOf(style, "a modulation");
  if (layer.linear.op !== "fc") refuse(layer.linear.node, "a modulation, fully connected,");
  const [out] = layer.linear.weight.shape ?? [];
  if (out !== weight.shape?.[1]) {
    throw new WeightsError(
      `onnx: the style ${quote(layer.linear.weight.origin)} has ${out} numbers, the convolution ${quote(weight.origin)} takes ${weight.shape?.[1]} channels`,
    );
  }
  return layer;
}

/**
 * d = rsqrt(sum (w s)^2 + 1e-8) must be of the same w and s as the convolution. Where a matrix of
 * summed squares is stored instead, the check is put off until the weights are read.
 */
export function checkDemodulation(
  linear: Linear,
  outer: Stat | null,
  weight: Part,
  style: Style,
  what: string,
): WeightCheck | null {
  const stat = linear.demod ?? outer;
  if (!stat || (linear.demod && outer)) return refuse(linear.node, `${what}, demodulated once,`);
  const { of, reduced } = stat;
  const scale = weight.factor * weight.constant.scale;
  if (of.base.is === "parameter" && reduced === "sum") {
    const sameWeight =
      of.base.constant.origin === linear.weight.origin && isWhole({ ...of, style: null });
    const own = product(of.scalars) * of.base.constant.scale;
    if (!sameWeight || !isNear(own, scale) || of.style?.base !== linear.style?.base) {
      refuse(stat.node, `the demodulation of ${what} by its own weights and style`);
    }
    return null;
  }
  if (typeof reduced === "string" || !sameStyle(of, style, linear)) {
    return refuse(stat.node, `the demodulation of ${what} by its own style`);
  }
  return matrixCheck(reduced, linear.weight.shape ?? [], scale, what);
}

function sameStyle(of: Flow, _style: Style, { style }: Linear): boolean {
  return isWhole(of) && of.base === style?.base && product(of.scalars) === product(style.scalars);
}

/** matrix (cIn, cOut) must be the sum of (scale w)^2 over the kernel. */
function matrixCheck(
  matrix: Constant,
  shape: readonly number[],
  scale: number,
  what: string,
): WeightCheck {
  const [cOut, cIn, k] = shape;
  return async (weight, name) => {
    const sums = await matrix.load();
    for (let i = 0; i < cOut * cIn; i++) {
      let sum = 0;
      for (let j = i * k * k; j < (i + 1) * k * k; j++) sum += (weight[j] * scale) ** 2;
      const stored =
        (sums?.data[(i % cIn) * cOut + Math.floor(i / cIn)] ?? Number.NaN) * matrix.scale;
      // f16 sums may underflow: squares of small weights are below its smallest number, 6e-8.
      if (!(Math.abs(stored - sum) <= 0.01 * sum + 1e-7)) {
        throw new WeightsError(
          `onnx: the demodulation of ${what} holds ${stored} where the weights ${quote(name)} give ${sum}; the file does not fit itself`,
        );
      }
    }
  };
}
