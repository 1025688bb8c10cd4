import { expect, test } from "vitest";
import { loadGpen, type Picture, restore, restoreFaces } from "../../src/index";
import { openTestGpu } from "../gpu";
import { countBuffers, photo, smallModel, TINY } from "./models";

const bytes = await smallModel();

test("faces in batches have the bits of faces one by one, in their order", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  const faces = Array.from({ length: 11 }, (_, i) => photo(32, 32, i + 1));
  const alone: Picture[] = [];
  for (const face of faces) alone.push((await restore(model, face)).pixels);
  const seen: number[] = [];
  const together = await restoreFaces(model, faces, { onProgress: (done) => seen.push(done) });
  expect(together.length).toBe(alone.length);
  // only which ones: a list of all levels that differ takes vitest half a minute
  const same = (i: number) =>
    Buffer.from(together[i].pixels.data).equals(Buffer.from(alone[i].data));
  expect(faces.flatMap((_, i) => (same(i) ? [] : [i]))).toEqual([]);
  expect(together.every(({ pixels }) => pixels.width === 32 && pixels.height === 32)).toBe(true);
  expect(seen.filter(Number.isInteger)).toEqual([8, 11]);
  // on the way to both, and never back
  expect(seen.some((done) => done > 0 && done < 8)).toBe(true);
  expect(seen.some((done) => done > 8 && done < 11)).toBe(true);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  // the three that were left filled up a batch of eight rather than have one of four prepared
  const buffers = countBuffers(gpu.device);
  await model.network("f32", 8);
  expect(buffers.made()).toBe(0);
});

test("a batch shares the weights of the model, and its programs are not made twice", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, TINY, { precision: "f32" });
  const buffers = countBuffers(gpu.device);
  const batch = await model.network("f32", 4);
  const single = await model.network("f32");
  const weights = (executable: typeof batch) =>
    executable.program.tensors.flatMap(({ place }, i) => ("weight" in place ? [i] : []));
  // as the same names come in the same order, a buffer can be compared by its place
  expect(weights(batch).length).toBe(weights(single).length);
  const shared = weights(batch).filter(
    (i, at) => batch.buffer(i) === single.buffer(weights(single)[at]),
  );
  expect(shared.length).toBe(weights(batch).length);
  const made = buffers.made();
  await model.network("f32", 4);
  expect(buffers.made()).toBe(made);
  model.dispose();
  expect(buffers.live()).toBe(0);
});

test("faces of several sizes, and no faces at all", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, bytes);
  expect(await restoreFaces(model, [])).toEqual([]);
  await expect(restoreFaces(model, [photo(32, 32), photo(32, 31)])).rejects.toThrow(
    /the faces are 32 x 32 and 32 x 31; those of one call must be of one size/,
  );
  const controller = new AbortController();
  const reason = new Error("enough");
  const faces = Array.from({ length: 20 }, () => photo(32, 32));
  const aborted = restoreFaces(model, faces, {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await expect(aborted).rejects.toBe(reason);
});
