import { expect, test } from "vitest";
import { loadSampler, type SampleOptions, sample } from "../../src/index";
import { openTestGpu } from "../gpu";
import { smallModel } from "./models";

const bytes = await smallModel();

test("a face depends on the seed alone; truncation and mixing do what they say", async () => {
  const gpu = await openTestGpu();
  const sampler = await loadSampler(gpu, bytes);
  const draw = (options?: SampleOptions) => sample(sampler, options);
  const [zero, one] = [await draw(), await draw({ seed: 1 })];
  expect([zero.width, zero.height]).toEqual([32, 32]);
  // The same commands on the same device: equal to the last bit.
  expect(await draw({ seed: 0, truncation: 1 })).toEqual(zero);
  expect(one).not.toEqual(zero);

  // Noise comes from `seed`, so that only the latents of these two differ.
  const mixed = await draw({ mix: { seed: 9, layer: 0 } });
  expect(mixed).not.toEqual(zero);
  expect(await draw({ mix: { seed: 9, layer: 8 } })).toEqual(zero);
  expect(await draw({ mix: { seed: 9, layer: 4 } })).not.toEqual(mixed);
  const mean = await draw({ truncation: 0 });
  expect(await draw({ truncation: 0, mix: { seed: 9, layer: 0 } })).toEqual(mean);
  expect(mean).not.toEqual(zero);
  const again = await Promise.all([draw({ seed: 1 }), draw(), draw({ truncation: 0 })]);
  expect(again).toEqual([one, zero, mean]);
  sampler.dispose();
});

test("aborted before, while it waits or while it computes, a draw throws the reason; others go on", async () => {
  const gpu = await openTestGpu();
  const sampler = await loadSampler(gpu, bytes);
  const want = await sample(sampler);
  const stop = new Error("enough");
  await expect(sample(sampler, { signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
  const controller = new AbortController();
  const steps: number[] = [];
  const onProgress = (done: number, of: number) => {
    steps.push(done / of);
    controller.abort(stop); // after the first slice
  };
  const { signal } = controller;
  const running = sample(sampler, { signal, onProgress, sliceMs: 0 });
  const waiting = sample(sampler, { seed: 1, signal });
  const other = sample(sampler);
  await expect(running).rejects.toBe(stop);
  await expect(waiting).rejects.toBe(stop);
  expect(steps[0]).toBeLessThan(1);
  expect(await other).toEqual(want);
  sampler.dispose();
});

test("mixing at layer 0 is the second latent", async () => {
  const gpu = await openTestGpu();
  const still = await smallModel((name, values) =>
    name.endsWith("noise.weight") ? values.map(() => 0) : values,
  );
  const sampler = await loadSampler(gpu, still); // without noise, only the latent tells
  const second = await sample(sampler, { seed: 9 });
  expect(await sample(sampler, { seed: 3, mix: { seed: 9, layer: 0 } })).toEqual(second);
  expect(await sample(sampler, { seed: 3, mix: { seed: 9, layer: 1 } })).not.toEqual(second);
  expect(await sample(sampler, { seed: 4, truncation: 0 })).toEqual(
    await sample(sampler, { seed: 5, truncation: 0 }),
  );
});

test("options out of range are refused in one sentence", async () => {
  const gpu = await openTestGpu();
  const sampler = await loadSampler(gpu, bytes);
  const refused: [SampleOptions, RegExp][] = [
    [{ truncation: 3 }, /^sample: truncation 3 must be from -2 to 2/],
    [{ truncation: Number.NaN }, /^sample: truncation NaN must be/],
    [{ mix: { seed: 1, layer: 9 } }, /^sample: the mixing layer 9 must be .* from 0 to 8$/],
    [{ mix: { seed: 1, layer: 0.5 } }, /^sample: the mixing layer 0\.5/],
    [{ mix: { seed: 1, layer: -1 } }, /^sample: the mixing layer -1/],
    [{ seed: 0.5 }, /^sample: the seed 0\.5 must be a whole number$/],
    [{ mix: { seed: Number.NaN, layer: 1 } }, /^sample: the seed NaN/],
  ];
  for (const [options, sentence] of refused) {
    await expect(sample(sampler, options)).rejects.toThrow(sentence);
  }
});
