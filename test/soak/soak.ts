import type { CDPSession } from "puppeteer";
import { expect, test } from "vitest";
import { openPage } from "../e2e/browser";
import { type Sample, unlevel } from "./level";
import type { Work } from "./page";
import { keep, report } from "./report";

/** Every loss restores one more picture of the embedded model, which makes 50. */
const ALL: Work = { restores: 1000, embedded: 30, aborted: 200, loads: 40, losses: 20 };
const NONE: Work = { restores: 0, embedded: 0, aborted: 0, loads: 0, losses: 0 };
/** SOAK='{"loads":80}' does that alone: to find out what leaks. */
const WORK: Work = process.env.SOAK ? { ...NONE, ...JSON.parse(process.env.SOAK) } : ALL;
const ROUNDS = 40;

test("memory is level through restores, aborted runs, device losses, loads and disposals", async () => {
  const { page } = await openPage("/test/soak/index.html");
  await page.waitForFunction(() => "soak" in window);
  console.log(`soak: ${await page.evaluate(() => soak.describe())}`);
  const cdp = await page.createCDPSession();
  const start = performance.now();
  const done: Record<keyof Work, number> = { ...NONE };
  const spent = { ...done };
  const samples: Sample[] = [];
  for (let r = 0; r < ROUNDS; r++) {
    const round = await page.evaluate((some) => soak.round(some), partOf(r));
    for (const kind of Object.keys(NONE) as (keyof Work)[]) {
      done[kind] += round.done[kind];
      spent[kind] += round.spent[kind] / 1000;
    }
    const { bytes, objects, devices } = await page.evaluate(() => soak.gpuCount());
    samples.push({
      restores: done.restores + done.embedded,
      seconds: (performance.now() - start) / 1000,
      gpuBytes: bytes,
      gpuObjects: objects,
      devices,
      heapBytes: await heapBytes(cdp),
    });
    keep({ done, spent, samples, faults: [] }); // a run that is broken off has shown this much
  }
  const faults = unlevel(samples);
  report({ done, spent, samples, faults });
  expect(faults).toEqual([]);
});

/**
 * The share of round r in all the work. A quarter of what is rare comes in the first round: engines
 * compile and keep statistics of code that ran a few times, 0.5 MB of it in 20 losses.
 */
function partOf(r: number): Work {
  const part = (count: number, first: number) => {
    const until = (round: number) => Math.floor(count * (first + ((1 - first) * round) / ROUNDS));
    return until(r + 1) - (r === 0 ? 0 : until(r));
  };
  const { restores, embedded, aborted, loads, losses } = WORK;
  return {
    restores: part(restores, 0),
    embedded: part(embedded, 0),
    aborted: part(aborted, 0.25),
    loads: part(loads, 0.25),
    losses: part(losses, 0.25),
  };
}

/** What is left after forced collection; a second one takes what finalizers of the first let go. */
async function heapBytes(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const usage = await cdp.send("Runtime.getHeapUsage");
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage as HeapUsage;
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}
