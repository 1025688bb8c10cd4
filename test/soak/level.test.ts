import { expect, test } from "vitest";
import { type Sample, unlevel } from "./level";

/** 40 samples, 27 restores apart, of 30 MB on the GPU and 6 MB of heap with 50 kB of ripple. */
function samples(change: (sample: Sample, i: number) => Partial<Sample> = () => ({})): Sample[] {
  return Array.from({ length: 40 }, (_, i) => {
    const sample = {
      restores: 27 * (i + 1),
      seconds: i,
      gpuBytes: 30e6,
      gpuObjects: 160,
      devices: 1,
      heapBytes: 6e6 + 25e3 * (-1) ** i,
    };
    return { ...sample, ...change(sample, i) };
  });
}

test("memory that is level, or that fills caches in the first 5 %, is level", () => {
  expect(unlevel(samples())).toEqual([]);
  expect(unlevel(samples((_, i) => (i === 0 ? { gpuBytes: 20e6, heapBytes: 1e6 } : {})))).toEqual(
    [],
  );
});

test("one buffer that is not destroyed is named with its moment", () => {
  const faults = unlevel(
    samples(({ gpuBytes }, i) => (i >= 20 ? { gpuBytes: gpuBytes + 16 } : {})),
  );
  expect(faults).toEqual([
    "soak: gpuBytes 30000016 after 567 restores must be 30000000, as after 54",
  ]);
});

test("a device that stays, and an object without bytes, are found too", () => {
  const faults = unlevel(samples((_, i) => (i === 39 ? { devices: 2, gpuObjects: 161 } : {})));
  expect(faults.map((fault) => fault.split(" ")[1])).toEqual(["gpuObjects", "devices"]);
});

test("a heap that keeps every picture fails by its slope", () => {
  const [fault] = unlevel(
    samples(({ heapBytes, restores }) => ({ heapBytes: heapBytes + 4096 * restores })),
  );
  expect(fault).toMatch(/^soak: the heap grows by 4\d\d\d bytes per restore/);
});

test("a heap that jumps late fails by its end, one that is no number by both", () => {
  const jump = unlevel(samples((_, i) => (i >= 38 ? { heapBytes: 7.2e6 } : {})));
  expect(jump).toHaveLength(1);
  expect(jump[0]).toMatch(
    /^soak: the heap has 7200000 bytes at the end, which must be at most 6975000 /,
  );
  expect(unlevel(samples(() => ({ heapBytes: Number.NaN })))).toHaveLength(2);
});

test("too short a run proves nothing", () => {
  expect(unlevel([])).toHaveLength(1);
  expect(unlevel(samples().slice(0, 2))).toHaveLength(1);
});
