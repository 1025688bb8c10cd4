import { join } from "node:path";
import { apart } from "./check";
import type { Deadline } from "./deadline";
import { type Pair, peerRow, timed, timeInTurn } from "./in_turn";
import type { BenchModel } from "./models";
import { writeOnnx } from "./onnx/write";
import type { Ours } from "./ours";
import { openPeer, type Peer } from "./peers/onnxruntime";
import type { PeerRow } from "./result";

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
      const fault = apart(ours, output);
      if (fault) return { rows: [], refused: [`${where} was refused: ${fault}`], notes: [] };
      const first = peerRow(ours, adapter, spec.name, "first", [[ours.firstMs, firstMs]]);
      const pairs = await timeWarm(ours, peer, firstMs, deadline);
      const warm = peerRow(ours, adapter, spec.name, "warm", pairs);
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

/** As many pairs as there is time for, after one that says how long they take. */
async function timeWarm(
  { run, firstMs, input }: Ours,
  peer: Peer,
  peerFirstMs: number,
  deadline: Deadline,
): Promise<Pair[]> {
  const theirs = () => peer.run(input);
  const first: Pair = [firstMs, peerFirstMs];
  const long = firstMs + peerFirstMs >= LONG_MS;
  const [pair] = long ? [first] : await timeInTurn(run, theirs, { runs: 1, deadline });
  const runs = samplesWithin(pair[0] + pair[1], deadline.leftMs());
  return timeInTurn(run, theirs, { runs, deadline });
}

/** Three or more where there is time; more of what is short, whose times vary more. */
function samplesWithin(pairMs: number, leftMs: number): number {
  const wanted = Math.min(20, Math.max(3, Math.ceil(8000 / pairMs)));
  return Math.min(wanted, Math.max(1, Math.floor(leftMs / pairMs)));
}
