import { identify } from "../../src/gpu/adapter_name";
import { apart } from "../check";
import { type InTurnOptions, type Pair, peerRow, timed, timeInTurn } from "../in_turn";
import type { Pattern } from "../onnx/fir";
import type { Ours } from "../ours";
import type { PeerRow } from "../result";
import type { PageModel } from "./models";
import { onnxFile } from "./onnx_file";
import { openWebPeer, type WebPeer } from "./peer";

export interface Beside {
  readonly rows: readonly PeerRow[];
  /** The peer's first picture, also where it was refused. */
  readonly output?: Float32Array;
  /** Why the peer was not timed because pictures differ. */
  readonly refused: readonly string[];
  readonly notes: readonly string[];
}

export interface BesideOptions extends InTurnOptions {
  readonly adapter: string;
  readonly pattern: Pattern;
}

/**
 * Opens the model in onnxruntime-web on the same adapter, compares its picture with ours, then times
 * both in turn. A peer that cannot run is a note, one whose picture differs is refused.
 */
export async function besidePeer(
  ours: Ours,
  model: PageModel,
  options: BesideOptions,
): Promise<Beside> {
  const peerName = `onnxruntime-web WebGPU, ${options.pattern}`;
  const where = `${ours.name} ${ours.precision} on ${peerName}`;
  const opened = await open(model, options.pattern);
  if ("reason" in opened) {
    return { rows: [], refused: [], notes: [`${where} was not measured: ${opened.reason}`] };
  }
  try {
    const { peer, output, firstMs } = opened;
    const adapters = { ours: options.adapter, theirs: identify(peer.info).name };
    const fault = faultOf(ours, output, adapters);
    if (fault !== undefined) {
      return { rows: [], output, refused: [`${where} was refused: ${fault}`], notes: [] };
    }
    const row = (phase: "first" | "warm", pairs: readonly Pair[]) =>
      peerRow(ours, options.adapter, peerName, phase, pairs);
    const theirs = () => peer.run(model.input);
    const { runs } = options;
    const warmUp = runs >= 3 ? 1 : 0;
    const pairs = await timeInTurn(ours.run, theirs, { ...options, warmUp });
    const rows = [row("first", [[ours.firstMs, firstMs]]), row("warm", pairs)];
    return { rows, output, refused: [], notes: notesOf(where, peer, ours, pairs.length, runs) };
  } finally {
    await opened.peer.close();
  }
}

type Opened =
  | { readonly peer: WebPeer; readonly output: Float32Array; readonly firstMs: number }
  | { readonly reason: string };

/** The session and its first picture, or what onnxruntime-web says that it cannot do. */
async function open({ checkpoint, config, input }: PageModel, pattern: Pattern): Promise<Opened> {
  try {
    const peer = await openWebPeer(await onnxFile(checkpoint, config, pattern));
    const [output, firstMs] = await timed(() => peer.run(input));
    return { peer, output, firstMs };
  } catch (error) {
    return { reason: String((error as Error)?.message ?? error).split("\n")[0] };
  }
}

/** Why the two must not stand side by side, in words; undefined if they may. */
export function faultOf(
  ours: Pick<Ours, "output" | "precision">,
  theirs: Float32Array,
  adapters: { readonly ours: string; readonly theirs: string },
): string | undefined {
  if (adapters.theirs !== adapters.ours) {
    return `it runs on ${adapters.theirs} and ours on ${adapters.ours}; choose one graphics card for the browser in the system's settings`;
  }
  return apart(ours, theirs);
}

/** Sessions make their pipelines in the first image, ours while loading: both are said. */
function notesOf(
  where: string,
  { version, openMs }: WebPeer,
  { loadMs }: Ours,
  made: number,
  wanted: number,
) {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const opened = `${where}: onnxruntime-web ${version} was there after ${seconds(openMs)} and compiles during its first image; ours took ${seconds(loadMs)} to load, with everything compiled`;
  if (made === wanted) return [opened];
  return [opened, `${where}: time was left for ${made} of ${wanted} warm runs`];
}
