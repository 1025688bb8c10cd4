import { expect, test } from "vitest";
import { ShapeError } from "../../src/errors";
import { readImage } from "../../src/node/image";
import type { FaceDetector } from "../../src/photo/face";
import { restorePhoto } from "../../src/photo/restore_photo";
import type { Transform } from "../../src/photo/transform";
import { loadGpen } from "../../src/restore/load";
import { smallModel } from "../api/models";
import { openTestGpu } from "../gpu";
import { psnr } from "../psnr";
import { ASTRONAUT, faceAt } from "./astronaut";
import { tinyModel } from "./model";
import { expectUntouched, maskOf, seamOf } from "./seam";

const BLURRED = "examples/photo.jpg";
const CLEAN = "examples/clean/photo.jpg";
/** Rings of a pixel: the mask's radius is 53 px of the photo. */
const RINGS = 53;

test("the example: the face is closer to what it was, the rest untouched, no seam", async () => {
  const model = await tinyModel(await openTestGpu());
  for (const file of [BLURRED, CLEAN]) {
    const photo = await readImage(file);
    const phases: string[] = [];
    const shown = await restorePhoto(model, undefined, photo, {
      faces: [faceAt(ASTRONAUT)],
      onProgress: (phase, done, of) =>
        Number.isInteger(done) && phases.push(`${phase} ${done}/${of}`),
    });
    expect(phases).toEqual(["align 1/1", "restore 1/1"]);
    expect(shown.timings.map(({ name }) => name)).toEqual(["align", "restore"]);
    const [{ aligned, restored, toPhoto }] = shown.faces;
    expect([aligned.width, restored.width]).toEqual([128, 128]);
    const result = await shown.render();
    const place = maskOf(photo, toPhoto, 128);
    expect(expectUntouched(result, photo, place.mask)).toBeGreaterThan(7000);
    // A face that was blurred has sharper edges than the photo had, where it shows: look further out.
    const seam = seamOf(result, photo, place, RINGS, file === BLURRED ? 0.9 : 0.65);
    expect(seam.pixels).toBeGreaterThan(2000);
    // 3 %: one level of rounding at each of two pixels that differ by 30
    expect(seam.largest, `${file}: the largest gradient`).toBeLessThanOrEqual(1.03);
    expect(seam.most, `${file}: what 99 % of gradients stay below`).toBeLessThanOrEqual(1.04);
    // levels per pixel; edges of fewer than 1 in 100 are not seen
    expect(seam.step, `${file}: steps of the mean colour`).toBeLessThan(2.5);
    if (file !== BLURRED) continue;
    const clean = await readImage("examples/clean/astronaut.png");
    expect(psnr(restored, clean) - psnr(aligned, clean)).toBeGreaterThan(0.2);
  }
});

test("the seam test finds a mask that ends in an edge, and a face of another colour", async () => {
  const photo = await readImage(CLEAN);
  const place = maskOf(photo, ASTRONAUT, 128);
  const changed = (share: (i: number) => number) => {
    const data = Uint8ClampedArray.from(photo.data, (v, i) =>
      i % 4 === 3 ? v : v + share(Math.floor(i / 4)) * (140 - v),
    );
    return seamOf({ ...photo, data }, photo, place, RINGS);
  };
  expect(changed((i) => Number(place.mask[i] > 0)).step).toBeGreaterThan(5);
  expect(changed((i) => Number(place.mask[i] > 0)).most).toBeGreaterThan(1);
  expect(changed((i) => Number(place.mask[i] > 0.5)).step).toBeGreaterThan(5);
});

test("a photo without a face gives no faces, and itself", async () => {
  const model = await loadGpen(await openTestGpu(), await smallModel());
  const photo = await readImage(BLURRED);
  const nobody: FaceDetector = { detect: async () => [], dispose() {} };
  const shown = await restorePhoto(model, nobody, photo);
  expect(shown.faces).toEqual([]);
  expect(await shown.regions()).toEqual([]);
  const { data } = await shown.render();
  expect(Buffer.compare(Buffer.from(data), Buffer.from(photo.data))).toBe(0);
});

test("what a detector says of its progress is passed on; silence is one photo", async () => {
  const model = await loadGpen(await openTestGpu(), await smallModel());
  const photo = await readImage(BLURRED);
  const heard = async (...said: [number, number][]) => {
    const calls: string[] = [];
    const detector: FaceDetector = {
      async detect(_, options) {
        for (const [done, of] of said) options?.onProgress?.(done, of);
        return [];
      },
      dispose() {},
    };
    await restorePhoto(model, detector, photo, {
      onProgress: (phase, done, of) => calls.push(`${phase} ${done}/${of}`),
    });
    return calls;
  };
  expect(await heard()).toEqual(["detect 0/1", "detect 1/1"]);
  const all = ["detect 0/1", "detect 0/3", "detect 2/3", "detect 3/3"];
  expect(await heard([0, 3], [2, 3])).toEqual(all);
  expect(await heard([0, 3], [2, 3], [3, 3])).toEqual(all);
});

test("only the largest faces; a face half outside the photo; other templates", async () => {
  const model = await loadGpen(await openTestGpu(), await smallModel());
  const photo = await readImage(BLURRED);
  const half: Transform = [0.6, 0, -40, 0, 0.6, 300];
  const faces = [faceAt(half), faceAt(ASTRONAUT), faceAt([0.3, 0, 400, 0, 0.3, 400])];
  const largest = await restorePhoto(model, undefined, photo, { faces, only: "largest" });
  expect(largest.faces.map(({ face }) => face)).toEqual([faces[1]]);
  const two = await restorePhoto(model, undefined, photo, { faces, only: 2 });
  expect(two.faces.map(({ face }) => face)).toEqual(faces.slice(0, 2));
  const { mask } = maskOf(photo, two.faces[0].toPhoto, 32);
  expect(expectUntouched(await two.render({ faces: [0] }), photo, mask)).toBeGreaterThan(100);
  const gpen = await restorePhoto(model, undefined, photo, { faces: [faces[1]], template: "gpen" });
  // the authors' crop is 17 % larger
  const scales = [gpen, largest].map(({ faces: [face] }) => face.toPhoto[0]);
  expect(scales[0] / scales[1]).toBeGreaterThan(1.1);
  await expect(restorePhoto(model, undefined, photo, { faces, only: 0 })).rejects.toThrow(
    'only 0 must be "all", "largest" or a whole number from 1 on',
  );
});

test("what cannot be done is said in one sentence; an abort ends it", async () => {
  const model = await loadGpen(await openTestGpu(), await smallModel());
  const photo = await readImage(BLURRED);
  const faces = [faceAt(ASTRONAUT)];
  await expect(restorePhoto(model, undefined, photo)).rejects.toThrow(
    "restorePhoto: there is no detector; pass one, or options.faces",
  );
  const background = { data: new Uint8Array(4 * 20 * 10), width: 20, height: 10 };
  await expect(restorePhoto(model, undefined, photo, { faces, background })).rejects.toThrow(
    new ShapeError(
      "restorePhoto: the background is 20 x 10, it must show the whole photo of 512 x 512 at another scale",
    ),
  );
  const stop = new AbortController();
  const running = restorePhoto(model, undefined, photo, {
    faces,
    signal: stop.signal,
    onProgress: (phase) => {
      if (phase === "align") stop.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow("enough");
});
