import { join } from "node:path";
import { largest } from "./check";
import type { Deadline } from "./deadline";
import type { BenchModel } from "./models";
import { writeOnnx } from "./onnx/write";
import type { Ours } from "./ours";
import { openPeer } from "./peers/onnxruntime";
import type { PeerRow, Phase } from "./result";
import { spreadOf } from "./spread";

/** Outputs further apart than this, of the largest number, are another picture: no time is taken. */
const TOLERANCE = 1e-3;
/** f16 stores 11 bits; the whole network's gate there is 45 dB, which this is well inside of. */
const TOLERANCE_F16 = 3e-2;

/** An engine beside ours, and the pattern of operations that its file has. */
export interface PeerSpec {
  readonly name: string;
  readonly provider: "webgpu" | "cpu";
  readonly pattern: "published" | "lean";
}

/** Those that every run compares with, the fastest first, in case that time runs out. */
export const PEERS: readonly PeerSpec[] = [
  { name: "onnxruntime CPU, lean", provider: "cpu", pattern: "lean" },
  { name: "onnxruntime WebGPU, lean", provider: "webgpu", pattern: "lean" },
  { name: "onnxruntime WebGPU, published", provider: "webgpu", pattern: "published" },
];

export interface Beside {
  readonly rows: readonly PeerRow[];
  /** Why the peer was not timed because outputs differ. */
  readonly refused: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Runs a peer on the same adapter in the same process, compares its output with ours, and then times
 * both in turn. A peer that cannot run is a note, one whose picture differs is refused.
 */
export async function besidePeer(
  ours: Ours,
  adapter: string,
  file: string,
  spec: PeerSpec,
  deadline: Deadline,
): Promise<Beside> {
  const where = `${ours.name} on ${spec.name}`;
  try {
    const peer = await openPeer({ model: file, provider: spec.provider });
    try {
      const [output, firstMs] = await timed(() => peer.run(ours.input));
      const { error } = largest(ours.output, output);
      if (!(error <= (ours.precision === "f16" ? TOLERANCE_F16 : TOLERANCE))) {
        const apart = `the outputs are ${error.toExponential(1)} of the largest number apart`;
        return { rows: [], refused: [`${where} was refused: ${apart}`], notes: [] };
      }
      const first = rowOf(ours, adapter, spec.name, "first", [[ours.firstMs, firstMs]]);
      const again = () => peer.run(ours.input);
      const pairs = await timeInTurn(ours.run, again, ours.firstMs + firstMs, deadline);
      const warm = rowOf(ours, adapter, spec.name, "warm", pairs);
      const short =
        pairs.length < 3 ? [`${where}: time was left for ${pairs.length} warm runs only`] : [];
      return { rows: [first, warm], refused: [], notes: short };
    } finally {
      await peer.close();
    }
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    return { rows: [], refused: [], notes: [`${where} was not measured: ${reason}`] };
  }
}

/** The peer's file of one pattern; returns its path. */
export async function peerFile(
  dir: string,
  { checkpoint, config, name }: BenchModel,
  pattern: PeerSpec["pattern"],
): Promise<string> {
  const file = join(dir, `${name}-${pattern}.onnx`);
  await writeOnnx(file, checkpoint, config, pattern);
  return file;
}

/** A pair of images longer than this is warm after the first ones. */
const LONG_MS = 20_000;

/** Milliseconds of ours and theirs, the order changing every time. Both have run once before. */
async function timeInTurn(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
  firstMs: number,
  deadline: Deadline,
): Promise<[number, number][]> {
  let pairMs = firstMs;
  if (firstMs < LONG_MS) {
    pairMs = (await timed(theirs))[1] + (await timed(ours))[1];
  }
  const count = samplesWithin(pairMs, deadline.leftMs());
  const pairs: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const theirsFirst = i % 2 === 1 ? (await timed(theirs))[1] : undefined;
    const [, oursMs] = await timed(ours);
    pairs.push([oursMs, theirsFirst ?? (await timed(theirs))[1]]);
  }
  return pairs;
}

/** Three or more where there is time; more of what is short, whose times vary more. */
function samplesWithin(pairMs: number, leftMs: number): number {
  const wanted = Math.min(20, Math.max(3, Math.ceil(8000 / pairMs)));
  return Math.min(wanted, Math.max(1, Math.floor(leftMs / pairMs)));
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

/** A row from neighbouring pairs of [ours, theirs] in milliseconds. */
export function rowOf(
  { name, precision }: Pick<Ours, "name" | "precision">,
  adapter: string,
  peer: string,
  phase: Phase,
  pairs: readonly (readonly [number, number])[],
): PeerRow {
  const ours = spreadOf(pairs.map(([ms]) => ms));
  const theirs = spreadOf(pairs.map(([, ms]) => ms));
  const ratios = pairs.map(([mine, other]) => other / mine);
  return {
    model: name,
    adapter,
    peer,
    phase,
    precision,
    ours_ms: ours.median,
    peer_ms: theirs.median,
    ratio: theirs.median / ours.median,
    ratio_low: Math.min(...ratios),
    ratio_high: Math.max(...ratios),
    ours,
    theirs,
  };
}
