import { join } from "node:path";
import type { Gpu } from "../src/gpu/open";
import type { Precision } from "../src/kernels/layout";
import { findIcds } from "../src/node/driver";
import { openFileSource } from "../src/node/file_source";
import type { Deadline } from "./deadline";
import { peerRow } from "./in_turn";
import { type BenchModel, benchModel, withDirectory, writeModel } from "./models";
import type { BenchOptions } from "./options";
import { type Ours, openOurs, randomPlanes } from "./ours";
import { coldStart } from "./peers/cold_start";
import { downloadSizes } from "./peers/download_size";
import { ensurePeers } from "./peers/install";
import type { ModelRow, PeerRow } from "./result";
import { modelsOf } from "./select";
import { besidePeer, PEERS, type PeerSpec, peerFile } from "./side_by_side";

/** Whole networks: ours by phase, and ours beside the peers. */
export interface Whole {
  readonly models: readonly ModelRow[];
  readonly peers: readonly PeerRow[];
  /** Peers whose picture differs from ours, one sentence each; they were not timed. */
  readonly refused: readonly string[];
  readonly notes: readonly string[];
}

/** A cold start on a software adapter takes half a minute; beside a CPU once shows the size of it. */
const COLD_RUNS = { webgpu: 3, cpu: 1 } as const;

/** Parts of a whole, as they are found. */
interface Found {
  models: ModelRow[];
  peers: PeerRow[];
  refused: string[];
  notes: string[];
}

type Say = (line: string) => void;

/** Measures the models that `options` ask for, and the peers where they can be had. */
export async function measureWhole(
  gpu: Gpu,
  options: BenchOptions,
  deadline: Deadline,
  say: Say,
): Promise<Whole> {
  const found: Found = { models: [], peers: [], refused: [], notes: [] };
  pinDriver(gpu);
  const peersReady = await ensurePeers(say).then(
    () => true,
    (error: Error) => {
      found.notes.push(error.message);
      return false;
    },
  );
  for (const choice of modelsOf(options)) {
    const model = await benchModel(choice);
    await withDirectory(async (dir) => {
      const weights = join(dir, "weights.safetensors");
      await writeModel(model, weights);
      await measureModel({ gpu, dir, weights, model, deadline, say }, peersReady, found);
    });
  }
  return found;
}

interface Place {
  readonly gpu: Gpu;
  readonly dir: string;
  readonly weights: string;
  readonly model: BenchModel;
  readonly deadline: Deadline;
  readonly say: Say;
}

async function measureModel(place: Place, peersReady: boolean, found: Found): Promise<void> {
  const { gpu, weights, model, say } = place;
  const source = await openFileSource(weights);
  const subject = { ...model, source, input: randomPlanes(model.config.inSize) };
  const precisions: Precision[] = gpu.f16 && !gpu.software ? ["f32", "f16"] : ["f32"];
  try {
    for (const precision of precisions) {
      say(`${model.name} ${precision}: ours`);
      const ours = await openOurs(gpu, subject, precision);
      try {
        found.models.push({ ...(await ours.row()), ...(await downloads(found)) });
        if (peersReady) await besideAll(ours, place, found);
      } finally {
        ours.close();
      }
    }
  } finally {
    await source.close();
  }
}

/** Every peer in turn: compared, timed, and started cold; each has its share of the time left. */
async function besideAll(ours: Ours, place: Place, found: Found): Promise<void> {
  const { gpu, dir, model, deadline, say } = place;
  for (const [i, spec] of PEERS.entries()) {
    const share = deadline.part(1 / (PEERS.length - i));
    if (deadline.passed()) {
      found.notes.push(
        `${ours.name} on ${spec.name} was left out when the time was up; use --minutes or --full`,
      );
      continue;
    }
    say(`${ours.name} ${ours.precision}: ${spec.name}`);
    const file = await peerFile(dir, model, spec.pattern);
    const { rows, refused, notes } = await besidePeer(ours, gpu.name, file, spec, share.part(0.6));
    found.peers.push(...rows);
    found.refused.push(...refused);
    found.notes.push(...notes);
    if (rows.length > 0) await coldRow(ours, { ...place, deadline: share }, spec, file, found);
  }
}

/** From process start to the first image, as often as COLD_RUNS where there is time. */
async function coldRow(
  ours: Ours,
  { gpu, weights, deadline, say }: Place,
  { name, provider }: PeerSpec,
  model: string,
  found: Found,
): Promise<void> {
  const { precision } = ours;
  const pairs: [number, number][] = [];
  const begin = performance.now();
  try {
    while (pairs.length < COLD_RUNS[provider]) {
      const pairMs = (performance.now() - begin) / Math.max(1, pairs.length);
      if (deadline.leftMs() < pairMs || deadline.passed()) break;
      say(`${ours.name} ${precision}: ${name}, cold start ${pairs.length + 1}`);
      const times = await coldStart({ weights, model, provider, precision, runs: 1 });
      pairs.push([times.ours[0].wallMs, times.theirs[0].wallMs]);
    }
  } catch (error) {
    found.notes.push(`${ours.name} on ${name}, cold: ${(error as Error).message}`);
  }
  if (pairs.length > 0) found.peers.push(peerRow(ours, gpu.name, name, "cold", pairs));
  else found.notes.push(`${ours.name} on ${name}: no cold start was measured`);
}

/** Bytes that a page downloads; 0 where the package is not built or no peer is installed. */
async function downloads({ notes }: Found) {
  try {
    const { oursBytes, theirsBytes } = await downloadSizes();
    return { download_bytes: oursBytes, peer_download_bytes: theirsBytes };
  } catch (error) {
    const { message } = error as Error;
    if (!notes.includes(message)) notes.push(message);
    return { download_bytes: 0, peer_download_bytes: 0 };
  }
}

/**
 * Peers and fresh processes look for Vulkan drivers by themselves: a software driver that was found
 * beside the loader's own is named to them, so that all run on the same adapter.
 */
function pinDriver(gpu: Gpu): void {
  if (!gpu.software || process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES) return;
  const kind = /swiftshader/i.test(gpu.name) ? "swiftshader" : "lavapipe";
  const icd = findIcds().find((each) => each.kind === kind);
  if (icd) process.env.VK_ICD_FILENAMES = icd.file;
}
