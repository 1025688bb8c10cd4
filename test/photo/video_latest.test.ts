import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { latest } from "../../src/photo/video_latest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WORK_MS = 100;

/** Work of 100 ms that notes when it began. */
function slow(began: Map<number, number>) {
  return latest(async (frame: number) => {
    began.set(frame, Date.now());
    await new Promise((done) => setTimeout(done, WORK_MS));
    return frame;
  });
}

test("frames that come every 30 ms to work of 100 ms are dropped, not queued", async () => {
  vi.setSystemTime(0);
  const began = new Map<number, number>();
  const stream = slow(began);
  const results: Promise<number | undefined>[] = [];
  for (let i = 0; i < 50; i++) {
    results.push(stream.push(i));
    await vi.advanceTimersByTimeAsync(30);
  }
  await vi.advanceTimersByTimeAsync(1000);
  const settled = await Promise.all(results);
  const done = settled.filter((frame) => frame !== undefined);
  expect(done.length, "of 50 frames in 1.5 s").toBeGreaterThanOrEqual(15);
  expect(done.length).toBeLessThanOrEqual(17);
  expect(done).toEqual([...began.keys()]);
  for (const [frame, at] of began)
    expect(at - 30 * frame, `age of ${frame}`).toBeLessThanOrEqual(30);
  expect(done.at(-1), "the last frame is never dropped").toBe(49);
});

test("slow frames are all worked on", async () => {
  const stream = slow(new Map());
  for (let i = 0; i < 3; i++) {
    const result = stream.push(i);
    await vi.advanceTimersByTimeAsync(150);
    expect(await result).toBe(i);
  }
});

test("work that fails fails its own frame alone, and what is cleared gives undefined", async () => {
  const stream = latest(async (fails: boolean) => {
    await Promise.resolve();
    if (fails) throw new Error("lost");
    return "done";
  });
  const failed = stream.push(true);
  const next = stream.push(false);
  await expect(failed).rejects.toThrow("lost");
  expect(await next).toBe("done");
  const first = stream.push(false);
  const waiting = stream.push(false);
  stream.clear();
  expect(await waiting).toBeUndefined();
  expect(await first).toBe("done");
});
