import { type ConvTile, convTile } from "../../src/kernels/conv_tile";
import { checkKernel } from "./check_kernel";
import { modulatedArgs } from "./modulated_args";

/** Tiles that are chosen for GPEN, and small ones of the same code, as drivers take seconds per tile. */
const long = { columns: 8, runs: 1, run: 8, quads: 1 };
const short = { columns: 8, runs: 2, run: 4, quads: 2 };
const small = { columns: 8, runs: 2, run: 2, quads: 1 };
const pairs = { columns: 16, runs: 1, run: 2, quads: 2 };
const writing = { columns: 32, runs: 1, run: 4, quads: 2 };

const plain = { stride: 1, pad: 1, transposed: false, activate: true, tile: small } as const;
const halving = { ...plain, stride: 2, pad: 0, tile: short } as const;
const bare = { ...plain, activate: false, tile: pairs } as const;
const modulated = { ...plain, activate: false } as const;
const twice = { ...modulated, pad: 0, transposed: true } as const;

checkKernel<ConvTile>(convTile, {
  tolerance: 1e-5, // f32 sums of up to 9 * 25 products
  cases: [
    {
      why: "modulated, both halves, batch 3",
      args: { ...modulatedArgs(3, 5, 3, 8, 5, 33), b: [8], ...modulated },
    },
    {
      why: "one of everything",
      args: { ...modulatedArgs(1, 1, 1, 1, 1, 1), b: [1], ...modulated },
    },
    {
      why: "one constant for a batch, two blocks of quads",
      args: { ...modulatedArgs(3, 8, 0, 33, 4, 4, 1), b: [33], ...modulated },
    },
    {
      why: "constant and encoder half",
      args: { ...modulatedArgs(3, 4, 5, 2, 4, 4, 1), b: [2], ...modulated },
    },
    { why: "no bias, seven quads in", args: { ...modulatedArgs(1, 17, 8, 3, 9, 8), ...modulated } },
    {
      why: "transposed, one quad in of chunks of two",
      args: { ...modulatedArgs(1, 3, 0, 5, 9, 7), ...twice },
    },
    {
      why: "the tile of most layers, two blocks of quads",
      args: { ...modulatedArgs(1, 5, 3, 65, 9, 17), b: [65], ...modulated, tile: long },
    },
    {
      why: "split into three, the last with fewer quads, batch 3",
      args: { ...modulatedArgs(3, 17, 8, 36, 4, 5), ...modulated, splits: 3 },
    },
    {
      why: "more splits than quads",
      args: { x: [1, 5, 9, 5], w: [4, 5, 3, 3], ...bare, splits: 3 },
    },
    {
      why: "transposed, split into two of one chunk each",
      args: { ...modulatedArgs(2, 9, 3, 4, 3, 4), ...twice, splits: 2 },
    },
    { why: "plain", args: { x: [3, 5, 8, 5], w: [17, 5, 3, 3], b: [17], ...plain } },
    {
      why: "two quads a thread",
      args: { x: [1, 1, 33, 9], w: [65, 1, 3, 3], ...bare },
    },
    {
      why: "no padding, neither bias nor activation",
      args: { x: [1, 4, 4, 12], w: [4, 4, 3, 3], ...bare, pad: 0 },
    },
    {
      why: "stride 2, two blocks of quads",
      args: { x: [1, 5, 9, 19], w: [65, 5, 3, 3], b: [65], ...halving },
    },
    { why: "stride 2, odd sides", args: { x: [1, 8, 9, 33], w: [8, 8, 3, 3], b: [8], ...halving } },
    { why: "stride 2, even", args: { x: [3, 3, 8, 4], w: [66, 3, 3, 3], b: [66], ...halving } },
    {
      why: "1x1, one quad in, two blocks of quads",
      args: { x: [2, 3, 9, 37], w: [36, 3, 1, 1], b: [36], ...plain, pad: 0, tile: writing },
    },
    {
      why: "1x1, chunks of four quads, the last with one",
      args: { x: [1, 18, 9, 8], w: [9, 18, 1, 1], ...bare, pad: 0 },
    },
    {
      why: "1x1, split into two",
      args: { x: [1, 25, 5, 8], w: [8, 25, 1, 1], ...bare, pad: 0, splits: 2 },
    },
    {
      why: "1x1 of stride 2",
      args: { x: [1, 5, 9, 19], w: [6, 5, 1, 1], b: [6], ...halving },
    },
    { why: "transposed, batch 3", args: { ...modulatedArgs(3, 5, 3, 8, 5, 33), ...twice } },
    {
      why: "transposed, one of everything",
      args: { ...modulatedArgs(1, 1, 1, 1, 1, 1), ...twice },
    },
    {
      why: "transposed, one constant, two blocks of quads",
      args: { ...modulatedArgs(3, 8, 0, 65, 4, 4, 1), ...twice, tile: long },
    },
    {
      why: "transposed, seven quads in, even sides",
      args: { ...modulatedArgs(1, 17, 8, 3, 8, 16), ...twice },
    },
  ],
  bands: [
    {
      why: "odd width, batch 2, both halves",
      args: { ...modulatedArgs(2, 5, 3, 8, 9, 33), b: [8], ...modulated },
      bindingBytes: 4608, // the weights
    },
    {
      why: "split into two",
      args: { ...modulatedArgs(2, 5, 3, 8, 9, 33), ...modulated, splits: 2 },
      bindingBytes: 6144,
    },
    {
      why: "stride 2",
      args: { x: [2, 4, 33, 17], w: [8, 4, 3, 3], b: [8], ...halving },
      bindingBytes: 2560,
    },
    {
      why: "1x1, batch 2",
      args: { x: [2, 3, 9, 33], w: [8, 3, 1, 1], b: [8], ...plain, pad: 0, tile: writing },
      bindingBytes: 2048,
    },
    {
      why: "transposed, bands that begin and end on odd rows",
      args: { ...modulatedArgs(2, 5, 3, 8, 9, 16), ...twice },
      bindingBytes: 4608,
    },
    {
      why: "transposed, one row at a time",
      args: { ...modulatedArgs(1, 4, 0, 4, 8, 33), ...twice },
      bindingBytes: 1536,
    },
  ],
});
