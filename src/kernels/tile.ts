import { ShapeError } from "../errors";
import type { Shape } from "../tensor";
import { ceilDiv, quads } from "./kernel";

const THREADS = 128; // equals @workgroup_size
const SHARED_LOADS = (16 * 1024) / (16 * THREADS); // vec4s of workgroup memory per thread

/** What a workgroup of 128 threads computes: columns · runs · run pixels of 128 / (columns · runs) · quads quads. */
export interface Tile {
  /** Pixels beside one another; divides 128 together with `runs`. */
  readonly columns: number;
  /** Runs below one another. */
  readonly runs: number;
  /** Pixels below one another of a thread. */
  readonly run: number;
  /** Output quads of a thread. */
  readonly quads: number;
}

/** Output quads of a workgroup. */
export function blockQuads({ columns, runs, quads }: Tile): number {
  return (THREADS / (columns * runs)) * quads;
}

/** The prelude of conv_tile: the tile, and what each thread stages of patch and weights per input quad. */
export function staging({
  tile,
  w: [, cIn, k],
  stride,
  transposed,
}: {
  readonly tile: Tile;
  readonly w: Shape;
  readonly stride: number;
  readonly transposed: boolean;
}) {
  const { columns, runs, run } = tile;
  const step = transposed ? 2 : 1;
  const taps = k + 1 - step;
  const pitch = (columns + Math.floor((taps - 1) / stride)) * stride;
  const xLoads = ceilDiv(pitch * ((runs * run - 1) * stride + taps), THREADS);
  const wLoads = ceilDiv(blockQuads(tile) * taps * taps * 4, THREADS);
  const fitting = Math.floor(SHARED_LOADS / (xLoads + wLoads));
  if (fitting < 1) {
    throw new ShapeError(
      `conv_tile: ${columns} x ${runs * run} pixels of ${blockQuads(tile)} quads must be fewer, their input and weights take ${xLoads + wLoads} vec4s of each of ${THREADS} threads, and there is room for ${SHARED_LOADS}`,
    );
  }
  return {
    COLUMNS: columns,
    RUNS: runs,
    RUN: run,
    QUADS: tile.quads,
    K: k,
    STRIDE: stride,
    STEP: step,
    // A phase has 4, 2 or 1 taps, and 1x1 only one: little work between two barriers.
    CHUNK: Math.min(Math.floor(4 / taps), fitting, quads(cIn)),
    X_LOADS: xLoads,
    W_LOADS: wLoads,
  };
}
