import type { Kernel } from "../kernels/kernel";
import { convBroadcastReference } from "./conv_broadcast";
import { convSameReference } from "./conv_same";
import { convTileReference } from "./conv_tile";
import { conv2dReference } from "./conv2d";
import { demodulationReference } from "./demodulation";
import { depthwiseConvReference } from "./depthwise_conv";
import { firReference } from "./fir";
import { flattenReference } from "./flatten";
import { linearReference } from "./linear";
import { minibatchStddevReference } from "./minibatch_stddev";
import { mixLatentsReference } from "./mix_latents";
import { modulateReference } from "./modulate";
import { modulatedConv3x3Reference } from "./modulated_conv3x3";
import { modulatedUpconv3x3Reference } from "./modulated_upconv3x3";
import { noiseAddReference } from "./noise_add";
import { noiseConcatReference } from "./noise_concat";
import { outputRangeReference } from "./output_range";
import { pasteReference } from "./paste";
import { pixelNormReference } from "./pixel_norm";
import { planesToRgba8Reference } from "./planes_to_rgba8";
import type { Reference } from "./reference";
import { residualAddReference } from "./residual_add";
import { rgba8ToPlanesReference } from "./rgba8_to_planes";
import { styleVectorsReference } from "./style_vectors";
import { sumPartsReference } from "./sum_parts";
import { toRgbReference } from "./to_rgb";
import { warpReference } from "./warp";
import { winogradConvReference } from "./winograd_conv";
import { winogradInputReference } from "./winograd_input";
import { winogradOutputReference } from "./winograd_output";
import { winogradProductReference } from "./winograd_product";

/** By name of the kernel. */
const REFERENCES: Readonly<Record<string, Reference<never>>> = {
  conv2d: conv2dReference,
  conv_broadcast: convBroadcastReference,
  conv_same: convSameReference,
  conv_tile: convTileReference,
  demodulation: demodulationReference,
  depthwise_conv: depthwiseConvReference,
  fir: firReference,
  flatten: flattenReference,
  linear: linearReference,
  minibatch_stddev: minibatchStddevReference,
  mix_latents: mixLatentsReference,
  modulate: modulateReference,
  modulated_conv3x3: modulatedConv3x3Reference,
  modulated_upconv3x3: modulatedUpconv3x3Reference,
  noise_add: noiseAddReference,
  noise_concat: noiseConcatReference,
  output_range: outputRangeReference,
  paste: pasteReference,
  pixel_norm: pixelNormReference,
  planes_to_rgba8: planesToRgba8Reference,
  residual_add: residualAddReference,
  rgba8_to_planes: rgba8ToPlanesReference,
  style_vectors: styleVectorsReference,
  sum_parts: sumPartsReference,
  to_rgb: toRgbReference,
  warp: warpReference,
  winograd_conv: winogradConvReference,
  winograd_input: winogradInputReference,
  winograd_output: winogradOutputReference,
  winograd_product: winogradProductReference,
};

/**
 * The plain twin of a kernel, which its shader is checked against. An altered kernel, as in
 * "conv2d altered", keeps that of what it was.
 */
export function referenceOf<Args>({ name }: Kernel<Args>): Reference<Args> {
  return REFERENCES[name.split(" ")[0]] as Reference<Args>;
}
