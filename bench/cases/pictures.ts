import { convSame } from "../../src/kernels/conv_same";
import { depthwiseConv } from "../../src/kernels/depthwise_conv";
import { outputRange } from "../../src/kernels/output_range";
import { paste } from "../../src/kernels/paste";
import { planesToRgba8 } from "../../src/kernels/planes_to_rgba8";
import { rgba8ToPlanes } from "../../src/kernels/rgba8_to_planes";
import { warp } from "../../src/kernels/warp";
import { type BenchCase, row } from "./case";

/** Pictures on their way in and out, and what finds faces in them. */
export const PICTURES: readonly BenchCase[] = [
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
