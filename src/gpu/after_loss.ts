import { GpuError } from "../errors";
import type { Gpu, Open, Traits } from "./open";

/** Milliseconds to wait before asking for an adapter: the browser restarts a crashed GPU process. */
const RETRIES = [0, 200, 1000, 4000];

/** Whether the device of `generation` was lost; if so, there is another one now. */
export async function replaced(gpu: Gpu, generation: number): Promise<boolean> {
  const isReplaced = () => gpu.generation !== generation;
  if (!isReplaced()) await newsOfLoss(gpu.device);
  // Another call may have recovered it while this one waited for the news.
  if (isReplaced()) return true;
  try {
    gpu.check();
    return false;
  } catch {
    await gpu.recover();
    return true;
  }
}

/**
 * Waits until the news that a device was lost would have come. Firefox 153 refuses commands up to 0.1 s
 * before, and tells with the end of the submitted work; Chromium tells a turn of the event loop later.
 */
async function newsOfLoss({ lost, queue }: GPUDevice): Promise<void> {
  const turn = () => new Promise((done) => setTimeout(done, 20));
  await Promise.race([lost, queue.onSubmittedWorkDone().then(turn, turn)]);
}

const opening = new WeakMap<Gpu, Promise<void>>();

/** Opens another device for `take`, once for all who ask meanwhile; `isWanted` says whether still. */
export function openAgain(gpu: Gpu, ...how: Parameters<typeof retry>): Promise<void> {
  const begun = opening.get(gpu) ?? retry(...how).finally(() => opening.delete(gpu));
  opening.set(gpu, begun);
  return begun;
}

async function retry(
  open: Open,
  isWanted: () => boolean,
  take: (traits: Traits) => void,
): Promise<void> {
  let failure = "";
  for (const wait of RETRIES) {
    await new Promise((done) => setTimeout(done, wait));
    const traits = await open().catch((error: Error) => {
      failure = error.message;
    });
    // Disposed of meanwhile, or given another device: nobody would destroy this one.
    if (!isWanted()) return traits?.device.destroy();
    if (traits) return take(traits);
  }
  throw new GpuError(`gpu: the device was lost, and no other could be opened (${failure})`);
}
