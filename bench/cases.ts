import { convBroadcast } from "../src/kernels/conv_broadcast";
import { convSame } from "../src/kernels/conv_same";
import { convTile } from "../src/kernels/conv_tile";
import { conv2d } from "../src/kernels/conv2d";
import { demodulation } from "../src/kernels/demodulation";
import { depthwiseConv } from "../src/kernels/depthwise_conv";
import { fir } from "../src/kernels/fir";
import { flatten } from "../src/kernels/flatten";
import type { AnyKernel, Kernel } from "../src/kernels/kernel";
import { linear } from "../src/kernels/linear";
import { minibatchStddev } from "../src/kernels/minibatch_stddev";
import { mixLatents } from "../src/kernels/mix_latents";
import { modulate } from "../src/kernels/modulate";
import { modulatedConv3x3 } from "../src/kernels/modulated_conv3x3";
import { modulatedUpconv3x3 } from "../src/kernels/modulated_upconv3x3";
import { noiseAdd } from "../src/kernels/noise_add";
import { noiseConcat } from "../src/kernels/noise_concat";
import { outputRange } from "../src/kernels/output_range";
import { paste } from "../src/kernels/paste";
import { pixelNorm } from "../src/kernels/pixel_norm";
import { planesToRgba8 } from "../src/kernels/planes_to_rgba8";
import { residualAdd } from "../src/kernels/residual_add";
import { rgba8ToPlanes } from "../src/kernels/rgba8_to_planes";
import { styleNormalise } from "../src/kernels/style_normalise";
import { styleVectors } from "../src/kernels/style_vectors";
import { sumParts } from "../src/kernels/sum_parts";
import { toRgb } from "../src/kernels/to_rgb";
import { warp } from "../src/kernels/warp";
import { winogradConv } from "../src/kernels/winograd_conv";
import { winogradInput } from "../src/kernels/winograd_input";
import { winogradOutput } from "../src/kernels/winograd_output";
import { winogradProduct } from "../src/kernels/winograd_product";

/** One call of a kernel as GPEN makes it: the shapes of its inputs, and its attributes. */
export interface BenchCase {
  readonly kernel: AnyKernel;
  readonly why: string;
  readonly args: object;
}

/** A case whose arguments are checked against the kernel's own. */
function row<Args extends object>(kernel: Kernel<Args>, why: string, args: Args): BenchCase {
  return { kernel, why, args };
}

/** GPEN-512 has channel multiplier 2 (C = 64 at 512 px); GPEN-256 1 and narrow 0.5 (C = 32 at 256). */
const STYLES_512 = 17_408;
const FACTORS_512 = 5_504;
const LAYERS_512 = 23;

/** The vectors that every modulated layer of GPEN-512 takes its slices from. */
const slices = { s: [1, STYLES_512 + LAYERS_512], sFirst: 1024, d: [1, FACTORS_512], dFirst: 512 };

/** The input of a layer, both halves of c channels. */
const halves = (c: number, side: number) => ({
  x: [1, c, side, side],
  e: [1, c, side, side],
  e_activation: [4 + c],
});

const active = { activate: true } as const;
const blur = { pad: { before: 2, after: 2 }, stride: 1, gain: 1 } as const;
const sharp = { pad: { before: 1, after: 1 }, stride: 1, gain: 4 } as const;
const halving = { pad: { before: 1, after: 1 }, stride: 2, gain: 1 } as const;

/** What makes outputs of a tiled layer of 64 channels at 128 px. */
const wide = {
  d: slices.d,
  dFirst: slices.dFirst,
  b: [64],
  ...active,
  cOut: 64,
  h: 128,
  width: 128,
};

/** Layers of GPEN-512 where nothing else is said; at least one row for every kernel. */
export const CASES: readonly BenchCase[] = [
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
  row(convBroadcast, "convs.9 of GPEN-256", {
    x: [1, 128, 128, 128],
    w: [64, 128, 3, 3],
    b: [64],
    d: slices.d,
    dFirst: slices.dFirst,
    stride: 1,
    pad: 1,
    transposed: false,
    ...active,
    tile: { lanes: 4, loaded: 1, loads: 4, run: 4 },
  }),
  row(convBroadcast, "convs.10 of GPEN-256", {
    x: [1, 128, 128, 128],
    w: [32, 128, 3, 3],
    d: slices.d,
    dFirst: slices.dFirst,
    stride: 1,
    pad: 0,
    transposed: true,
    activate: false,
    tile: { lanes: 8, loaded: 2, loads: 2, run: 4 },
  }),
  row(convTile, "convs.7, in tiles", {
    ...halves(512, 64),
    w: [512, 1024, 3, 3],
    b: [512],
    ...slices,
    stride: 1,
    pad: 1,
    transposed: false,
    ...active,
    tile: { columns: 8, runs: 1, run: 8, quads: 1 },
  }),
  row(convTile, "convs.13, in tiles", {
    ...halves(64, 512),
    w: [64, 128, 3, 3],
    b: [64],
    ...slices,
    stride: 1,
    pad: 1,
    transposed: false,
    ...active,
    tile: { columns: 16, runs: 1, run: 8, quads: 2 },
  }),
  row(convTile, "convs.12, in tiles", {
    ...halves(128, 256),
    w: [64, 256, 3, 3],
    ...slices,
    stride: 1,
    pad: 0,
    transposed: true,
    activate: false,
    tile: { columns: 8, runs: 1, run: 8, quads: 1 },
  }),
  row(convTile, "convs.3, in tiles and parts", {
    ...halves(512, 16),
    w: [512, 1024, 3, 3],
    ...slices,
    stride: 1,
    pad: 1,
    transposed: false,
    activate: false,
    tile: { columns: 8, runs: 1, run: 8, quads: 1 },
    splits: 16,
  }),
  row(sumParts, "convs.3", { x: [1, 8192, 16, 16], b: [512], parts: 16, ...active }),
  row(convTile, "ecd1, in tiles", {
    x: [1, 64, 513, 513],
    w: [128, 64, 3, 3],
    b: [128],
    stride: 2,
    pad: 0,
    transposed: false,
    ...active,
    tile: { columns: 8, runs: 2, run: 4, quads: 2 },
  }),
  row(winogradInput, "convs.9 of GPEN-256, patches", {
    x: [1, 128, 128, 128],
  }),
  row(winogradProduct, "convs.9 of GPEN-256, products", {
    x: [1, 36 * 128, 32, 32],
    w: [36 * 64, 128],
    tile: { lanes: 8, loaded: 2, loads: 2, run: 2 },
  }),
  row(winogradOutput, "convs.9 of GPEN-256, outputs", {
    x: [1, 36 * 64, 32, 32],
    ...wide,
  }),
  row(winogradConv, "convs.9 of GPEN-256, products and outputs", {
    x: [1, 36 * 128, 32, 32],
    w: [36 * 64, 128],
    ...wide,
    tile: { lanes: 8, loaded: 2, loads: 2, run: 2 },
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
  row(styleNormalise, "all layers", { s: [1, STYLES_512], layers: [LAYERS_512, 4] }),
  row(demodulation, "all layers", {
    s: slices.s,
    styles: STYLES_512,
    wsq: [4_972_544],
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
  row(rgba8ToPlanes, "a photo of 1024 to the network's size", {
    x: [1, 4, 1024, 1024],
    size: { h: 512, w: 512 },
    normalise: true,
    grey: false,
  }),
  row(planesToRgba8, "a restored face", {
    x: [1, 3, 512, 512],
    photo: [1, 3, 512, 512],
    blend: [2],
    normalise: true,
  }),
  row(outputRange, "a restored face", { x: [1, 3, 512, 512] }),
  row(paste, "a restored face into 1024 px of its photo", {
    x: [1, 4, 1024, 1024],
    pixels: [1, 4, 1, 512 * 512],
    faces: [1, 16],
    blend: [2],
  }),
  row(convSame, "BlazeFace's first layer, four tiles", {
    x: [4, 3, 256, 256],
    w: [24, 3, 5, 5],
    b: [24],
    stride: 2,
    relu: true,
  }),
  row(convSame, "BlazeFace's last block at 32 px, four tiles", {
    x: [4, 80, 32, 32],
    w: [88, 80, 1, 1],
    b: [88],
    skip: [4, 80, 32, 32],
    stride: 1,
    relu: true,
  }),
  row(depthwiseConv, "BlazeFace's first block, four tiles", {
    x: [4, 24, 128, 128],
    w: [1, 24, 3, 3],
    b: [24],
    stride: 1,
    relu: false,
  }),
  row(warp, "a face of 1024 px to the network's size", {
    x: [1, 4, 1400, 1400],
    transforms: [1, 6],
    size: { h: 512, w: 512 },
    outside: "mirror",
  }),
];
