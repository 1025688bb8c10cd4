import { convBroadcast } from "../../src/kernels/conv_broadcast";
import { convTile } from "../../src/kernels/conv_tile";
import { sumParts } from "../../src/kernels/sum_parts";
import { winogradConv } from "../../src/kernels/winograd_conv";
import { winogradInput } from "../../src/kernels/winograd_input";
import { winogradOutput } from "../../src/kernels/winograd_output";
import { winogradProduct } from "../../src/kernels/winograd_product";
import { type BenchCase, row } from "./case";
import { active, halves, slices } from "./layer";

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

/** What takes the place of layers where it is faster. */
export const TECHNIQUES: readonly BenchCase[] = [
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
  row(convTile, "ecd0, in tiles", {
    x: [1, 3, 512, 512],
    w: [64, 3, 1, 1],
    b: [64],
    stride: 1,
    pad: 0,
    transposed: false,
    ...active,
    tile: { columns: 32, runs: 1, run: 4, quads: 2 },
  }),
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
];
