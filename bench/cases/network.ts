import { conv2d } from "../../src/kernels/conv2d";
import { demodulation } from "../../src/kernels/demodulation";
import { fir } from "../../src/kernels/fir";
import { flatten } from "../../src/kernels/flatten";
import { linear } from "../../src/kernels/linear";
import { minibatchStddev } from "../../src/kernels/minibatch_stddev";
import { mixLatents } from "../../src/kernels/mix_latents";
import { modulate } from "../../src/kernels/modulate";
import { modulatedConv3x3 } from "../../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../../src/kernels/modulated_upconv3x3";
import { noiseAdd } from "../../src/kernels/noise_add";
import { noiseConcat } from "../../src/kernels/noise_concat";
import { pixelNorm } from "../../src/kernels/pixel_norm";
import { residualAdd } from "../../src/kernels/residual_add";
import { styleVectors } from "../../src/kernels/style_vectors";
import { toRgb } from "../../src/kernels/to_rgb";
import { type BenchCase, row } from "./case";
import { active, FACTORS_512, halves, STYLES_512, slices } from "./layer";

const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 } as const;
const sharp = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;
const halving = { pad: { before: 1, after: 1 }, stride: 2, gain: 1 } as const;

/** The network as it is described, layers of GPEN-512 where nothing else is said. */
export const NETWORK: readonly BenchCase[] = [
  row(conv2d, "ecd0: RGB in", {
    x: [1, 3, 512, 512],
    w: [64, 3, 1, 1],
    b: [64],
    stride: 1,
    pad: 0,
    ...active,
  }),
  row(conv2d, "ecd1: the widest, stride 2", {
    x: [1, 64, 513, 513],
    w: [128, 64, 3, 3],
    b: [128],
    stride: 2,
    pad: 0,
    ...active,
  }),
  row(conv2d, "ecd2 of GPEN-256, stride 2", {
    x: [1, 64, 129, 129],
    w: [128, 64, 3, 3],
    b: [128],
    stride: 2,
    pad: 0,
    ...active,
  }),
  row(conv2d, "ecd7: many channels, few pixels", {
    x: [1, 512, 9, 9],
    w: [512, 512, 3, 3],
    b: [512],
    stride: 2,
    pad: 0,
    ...active,
  }),
  row(conv2d, "the discriminator's conv1 at 256", {
    x: [1, 128, 256, 256],
    w: [128, 128, 3, 3],
    b: [128],
    stride: 1,
    pad: 1,
    ...active,
  }),
  row(modulatedConv3x3, "conv1: the constant", {
    x: [1, 512, 4, 4],
    w: [512, 512, 3, 3],
    b: [512],
    ...slices,
  }),
  row(modulatedConv3x3, "convs.7: the most multiply-adds", {
    ...halves(512, 64),
    w: [512, 1024, 3, 3],
    b: [512],
    ...slices,
  }),
  row(modulatedConv3x3, "convs.13: the most pixels", {
    ...halves(64, 512),
    w: [64, 128, 3, 3],
    b: [64],
    ...slices,
  }),
  row(modulatedConv3x3, "convs.11 of GPEN-256, noise added, not concatenated", {
    x: [1, 32, 256, 256],
    w: [32, 32, 3, 3],
    ...slices,
  }),
  row(modulatedUpconv3x3, "convs.6: 32 to 64", {
    ...halves(512, 32),
    w: [512, 1024, 3, 3],
    ...slices,
  }),
  row(modulatedUpconv3x3, "convs.12: 256 to 512", {
    ...halves(128, 256),
    w: [64, 256, 3, 3],
    ...slices,
  }),
  row(modulatedUpconv3x3, "convs.10 of GPEN-256: 128 to 256", {
    ...halves(64, 128),
    w: [32, 128, 3, 3],
    ...slices,
  }),
  row(modulate, "convs.13's input", {
    ...halves(64, 512),
    s: slices.s,
    sFirst: slices.sFirst,
  }),
  row(toRgb, "rgb4: no skip", {
    ...halves(512, 4),
    w: [3, 1024, 1, 1],
    b: [3],
    s: slices.s,
    sFirst: 512,
  }),
  row(toRgb, "rgb512", {
    ...halves(64, 512),
    w: [3, 128, 1, 1],
    b: [3],
    skip: [1, 3, 256, 256],
    s: slices.s,
    sFirst: 1024,
  }),
  row(fir, "convs.12: after upsampling to 512", { x: [1, 64, 513, 513], b: [64], ...sharp }),
  row(fir, "ecd1's blur", { x: [1, 64, 512, 512], ...blur }),
  row(fir, "the discriminator's skip", { x: [1, 64, 512, 512], ...halving }),
  row(linear, "the FC head", { x: [1, 8192], w: [512, 8192], b: [512], ...active }),
  row(linear, "a mapping layer", { x: [1, 512], w: [512, 512], b: [512], ...active }),
  row(styleVectors, "one latent for all layers", {
    ws: [1, 512],
    w: [STYLES_512, 512],
    b: [STYLES_512],
    latent: [STYLES_512 / 4],
  }),
  row(demodulation, "all layers", {
    s: slices.s,
    wsq: [4_996_608],
    rows: [FACTORS_512 / 4, 4],
  }),
  row(mixLatents, "sampling", {
    w1: [1, 512],
    w2: [1, 512],
    w_avg: [1, 512],
    mix_by: [2],
    layers: 16,
  }),
  row(pixelNorm, "z", { x: [1, 512] }),
  row(flatten, "ecd7's feature", { x: [1, 512, 4, 4] }),
  row(noiseAdd, "the ablation at 512", {
    x: [1, 64, 512, 512],
    e: [1, 64, 512, 512],
    e_activation: [68],
  }),
  row(noiseConcat, "convs.13 as an intermediate", halves(64, 512)),
  row(residualAdd, "the discriminator at 256", {
    a: [1, 128, 256, 256],
    b: [1, 128, 256, 256],
  }),
  row(minibatchStddev, "a batch of 4", { x: [4, 512, 4, 4] }),
];
