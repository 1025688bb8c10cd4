import { type Constant, literal } from "./onnx_constant";
import type { Activated } from "./onnx_encoder";
import { isNear, type Part, refuse, splitGain } from "./onnx_layer";
import type { StyledConv } from "./onnx_prior";
import { type Flow, isWhole, product, type Scalar } from "./onnx_signal";

/**
 * The noise weight: what is multiplied into the encoder's feature of the same resolution, or into
 * noise from outside where there is no such stage, before it meets the convolution.
 */
export function noisePart({ noise, linear }: StyledConv, stage: Activated | null): Part {
  const { flow } = noise;
  if (!flow || !isWhole(flow)) return refuse(linear.node, "a convolution with one noise");
  if (!stage) {
    if (flow.base.is !== "random" && flow.base.is !== "input") {
      refuse(flow.base.node, "noise from outside");
    }
    return { constant: weightOf(flow.scalars, 1), factor: 1 };
  }
  if (flow.base !== stage.act || flow.moved) {
    refuse(flow.base.node, "the encoder's feature of the convolution's resolution, as noise,");
  }
  return { constant: unscaled(flow, stage.gain), factor: 1 };
}

/** The activation's own sqrt(2) comes before the noise weight; the two may have become one. */
function unscaled(flow: Flow, gain: number): Constant {
  if (gain === 1) return weightOf(flow.scalars, 1);
  const { gain: first, rest } = splitGain(flow);
  return isNear(first, gain) ? weightOf(rest, 1) : weightOf(flow.scalars, gain);
}

// One scalar is the parameter as it is stored; its product with others is not a stored number.
function weightOf(scalars: readonly Scalar[], divisor: number): Constant {
  if (scalars.length === 1 && divisor === 1) return scalars[0].constant;
  return literal([], [product(scalars) / divisor], "noise weights");
}
