import { checked } from "../gpu/checked";
import type { Executable } from "../gpu/prepare";
import * as USAGE from "../gpu/usage";
import { encodeSteps } from "../graph/run";
import { elementBytes, type Precision } from "../kernels/layout";
import { unpack } from "../kernels/unpack";
import { type Contest, firstLine, type Trial } from "./contest";
import type { Runner } from "./race";
import { randomRows } from "./random_input";
import { sampleTiles, type Tile, tileOf, tileReference } from "./sampled_reference";

/**
 * Of the largest value. In f32 the tolerance of the whole project. In f16 four roundings of one ulp
 * (2^-10) each, as WGSL lets them go either way: of y, and of what may be stored on the way there, a
 * modulated input or a transform in and out.
 */
const TOLERANCE = { f32: 1e-4, f16: 4 * 2 ** -10 } as const;

/** Sampled tiles of an output and what belongs into them. */
export interface WantedTiles {
  readonly tiles: readonly Tile[];
  readonly values: readonly Float32Array[];
}

/** By the plain reference of the contest's call; `values` gives a whole input that is no image. */
export function wantedTiles(
  { node, random }: Contest,
  precision: Precision,
  values: (name: string) => Float32Array,
): WantedTiles {
  const tiles = sampleTiles(node.shape);
  const rows = (name: string, sample: number, rows: readonly [number, number]) =>
    randomRows(random[name], sample, rows, precision);
  return { tiles, values: tiles.map((tile) => tileReference(node, tile, { rows, values })) };
}

/**
 * Runs a candidate on an output that is full of NaN where it is sampled, and compares the samples.
 * NaN fails, so that what was not written fails too.
 */
export async function checkTiles(
  executable: Executable,
  output: number,
  runner: Runner,
  { tiles, values }: WantedTiles,
): Promise<Omit<Trial, "name">> {
  let got: Float32Array[];
  try {
    got = await runTiles(executable, output, runner, tiles);
  } catch (error) {
    executable.gpu.check();
    return { refused: firstLine(error) };
  }
  const tolerance = TOLERANCE[executable.program.precision];
  let scale = 0;
  for (const want of values) for (const v of want) scale = Math.max(scale, Math.abs(v));
  let worst = 0;
  for (const [t, want] of values.entries()) {
    for (const [i, v] of want.entries()) {
      const error = Math.abs(got[t][i] - v) / scale;
      if (!(error <= tolerance)) {
        const refused = `gives ${got[t][i]} ${place(tiles[t], i)}, the reference ${v}; allowed ${tolerance} x ${scale}`;
        return { error, refused };
      }
      worst = Math.max(worst, error);
    }
  }
  return { error: worst };
}

/** Where number i of a tile lies in the output. */
function place({ sample, quad, rows, columns }: Tile, i: number): string {
  const w = columns[1] - columns[0];
  const h = rows[1] - rows[0];
  const at = [
    4 * quad + Math.floor(i / (h * w)),
    rows[0] + (Math.floor(i / w) % h),
    columns[0] + (i % w),
  ];
  return `at (${[sample, ...at].join(", ")})`;
}

/** The tiles of a candidate's output after one run. */
async function runTiles(
  executable: Executable,
  output: number,
  runner: Runner,
  tiles: readonly Tile[],
): Promise<Float32Array[]> {
  const { gpu, program } = executable;
  const { shape, layout } = program.tensors[output];
  const [, c, , w] = shape;
  const bands = bandsOf(executable, output, tiles);
  const size = bands.reduce((sum, band) => sum + band.size, 0);
  const staging = gpu.device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyDst });
  try {
    await checked(gpu.device, "tune", () => {
      const buffer = executable.buffer(output);
      for (const { offset, size } of bands) {
        gpu.device.queue.writeBuffer(buffer, offset, new Uint8Array(size).fill(0xff));
      }
      const encoder = gpu.device.createCommandEncoder({ label: "check" });
      encodeSteps(executable, encoder, runner.first, runner.end);
      for (const { offset, to, size } of bands) {
        encoder.copyBufferToBuffer(buffer, offset, staging, to, size);
      }
      gpu.device.queue.submit([encoder.finish()]);
    });
    await staging.mapAsync(USAGE.MAP_READ);
    const bytes = staging.getMappedRange();
    return tiles.map(({ quad, rows, columns }, i) => {
      const { to, size } = bands[i];
      const band = [1, c, rows[1] - rows[0], w];
      const y = unpack(layout, band, bytes.slice(to, to + size), program.precision);
      return tileOf(y, band, { first: 4 * quad, rows: [0, band[2]], columns });
    });
  } finally {
    staging.destroy();
  }
}

/** The bytes of each tile's rows, whole and with all channels, and where they go one after another. */
function bandsOf({ program }: Executable, output: number, tiles: readonly Tile[]) {
  const { shape, layout } = program.tensors[output];
  const [, c, h, w] = shape;
  const bytes = elementBytes(layout, program.precision);
  let to = 0;
  return tiles.map(({ sample, rows }) => {
    const offset = layout.elements([1, c, sample * h + rows[0], w]) * bytes;
    const size = layout.elements([1, c, rows[1] - rows[0], w]) * bytes;
    to += size;
    return { offset, to: to - size, size };
  });
}
