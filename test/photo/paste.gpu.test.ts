import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import type { Face } from "../../src/photo/face";
import { maskEllipse } from "../../src/photo/mask";
import {
  type RestoredFace,
  type RestoredPhoto,
  restoredPhoto,
} from "../../src/photo/restored_photo";
import type { Transform } from "../../src/photo/transform";
import type { Picture, Pixels } from "../../src/restore/pixels";
import { openTestGpu } from "../gpu";
import { expectUntouched, maskOf } from "./seam";

const SIDE = 64;
const NOBODY: Face = {
  box: { x: 0, y: 0, width: 1, height: 1 },
  points: {
    leftEye: { x: 0, y: 0 },
    rightEye: { x: 1, y: 0 },
    nose: { x: 0, y: 1 },
    mouthLeft: { x: 0, y: 2 },
    mouthRight: { x: 1, y: 2 },
  },
  score: 1,
};

function picture(width: number, height: number, of: (i: number, c: number) => number): Picture {
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    of(Math.floor(i / 4), i % 4),
  );
  return { data, width, height };
}

/** A face of one colour with a little texture, where the transform says. */
function face(colour: readonly number[], toPhoto: Transform, side = SIDE): RestoredFace {
  const restored = picture(side, side, (i, c) => (c === 3 ? 255 : colour[c] + (i % 3)));
  return { face: NOBODY, aligned: restored, restored, toPhoto };
}

const photoOf = (width: number, height: number) =>
  picture(width, height, (i, c) => (c === 3 ? 255 : 60 + ((i * 7 + c * 31) % 120)));

const pasted = (gpu: Gpu, faces: readonly RestoredFace[], photo: Pixels, background = photo) =>
  restoredPhoto(gpu, faces, "ffhq", [], photo, background);

const differs = (a: Pixels, b: Pixels) => Buffer.compare(Buffer.from(a.data), Buffer.from(b.data));

test("what no mask reaches stays as it is, bit for bit, wherever faces lie", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(150, 120);
  for (const toPhoto of [
    [1, 0, 40, 0, 1, 30],
    [0.8, 0.5, 20, -0.5, 0.8, 60],
    [0.12, 0, 70, 0, 0.12, 50],
    [1.4, 0, -50, 0, 1.4, -40],
    [3, 0, 60, 0, 3, 40],
  ] satisfies Transform[]) {
    const result = await pasted(gpu, [face([210, 160, 140], toPhoto)], photo).render();
    const { mask } = maskOf(photo, toPhoto, SIDE);
    expect(expectUntouched(result, photo, mask), `${toPhoto}`).toBeGreaterThan(25);
  }
});

test("overlapping faces: each fills only where its mask exceeds the earlier ones'", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(160, 100);
  // whole pixels, so that a face's pixel falls on a pixel of the photo
  const places = [0, 1, 2].map((i): Transform => [1, 0, 10 + 24 * i, 0, 1, 12 + 5 * i]);
  const colours = [
    [250, 20, 20],
    [20, 230, 20],
    [20, 20, 240],
  ];
  const faces = places.map((place, i) => face(colours[i], place));
  const result = await pasted(gpu, faces, photo).render();
  const masks = places.map((place) => maskOf(photo, place, SIDE).mask);
  for (let i = 0; i < masks[0].length; i++) {
    const [x, y] = [i % photo.width, Math.floor(i / photo.width)];
    // face_enhancement.py: full_img and full_mask take over a face where its mask is larger
    let [full, from] = [0, [0, 0, 0]];
    for (const [j, mask] of masks.entries()) {
      if (!(mask[i] > full + 1e-9)) continue;
      const at = SIDE * (y - places[j][5]) + x - places[j][2];
      [full, from] = [mask[i], [...faces[j].restored.data.subarray(4 * at, 4 * at + 3)]];
    }
    if (
      masks.some((mask, j) =>
        masks.some((other, k) => k > j && mask[i] > 0 && Math.abs(mask[i] - other[i]) < 1e-5),
      )
    )
      continue;
    for (let c = 0; c < 3; c++) {
      const before = photo.data[4 * i + c];
      const want = before + full * (from[c] - before);
      expect(Math.abs(result.data[4 * i + c] - want) <= 0.51, `pixel ${x}, ${y}`).toBe(true);
    }
  }
});

test("strength, colour and choice of faces act after the network", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(200, 90);
  const places: Transform[] = [
    [1, 0, 5, 0, 1, 10],
    [1, 0, 120, 0, 1, 15],
  ];
  const shown = pasted(
    gpu,
    places.map((place) => face([200, 150, 130], place)),
    photo,
  );
  expect(differs(await shown.render({ strength: 0 }), photo)).toBe(0);
  expect(differs(await shown.render({ faces: [] }), photo)).toBe(0);
  const second = await shown.render({ faces: [1] });
  expectUntouched(second, photo, maskOf(photo, places[1], SIDE).mask);
  expect(differs(second, photo)).not.toBe(0);
  const kept = await shown.render({ keepColour: true });
  for (let i = 0; i < 200 * 90; i++) {
    const chroma = ({ data }: Pixels) => {
      const [r, g, b] = data.subarray(4 * i, 4 * i + 3);
      const y = 0.299 * r + 0.587 * g + 0.114 * b;
      return [0.564 * (b - y), 0.713 * (r - y)];
    };
    const [after, before] = [chroma(kept), chroma(photo)];
    for (const k of [0, 1]) expect(Math.abs(after[k] - before[k]) <= 1, `pixel ${i}`).toBe(true);
  }
});

test("regions are the parts of render() that faces lie in, the same ones whatever is shown", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(300, 90);
  const places: Transform[] = [
    [1, 0, 5, 0, 1, 10],
    [1, 0, 220, 0, 1, 15],
  ];
  const shown = pasted(
    gpu,
    places.map((place) => face([200, 150, 130], place)),
    photo,
  );
  const whole = await shown.render({ strength: 0.6 });
  const regions = await shown.regions({ strength: 0.6 });
  expect(regions.length).toBe(2);
  for (const { x, y, pixels } of regions) {
    for (let row = 0; row < pixels.height; row++) {
      const from = 4 * (photo.width * (y + row) + x);
      const want = whole.data.subarray(from, from + 4 * pixels.width);
      const got = pixels.data.subarray(4 * pixels.width * row, 4 * pixels.width * (row + 1));
      expect(Buffer.compare(Buffer.from(got), Buffer.from(want))).toBe(0);
    }
  }
  const hidden = await shown.regions({ faces: [0] });
  expect(hidden.map(({ x, y }) => [x, y])).toEqual(regions.map(({ x, y }) => [x, y]));
});

test("alpha stays as it is, and what is transparent keeps its colour", async () => {
  const gpu = await openTestGpu();
  const photo = picture(80, 80, (i, c) => (c === 3 ? (i % 80 < 40 ? 0 : 2 * (i % 80)) : 77));
  const toPhoto: Transform = [1, 0, 8, 0, 1, 8];
  const result = await pasted(gpu, [face([220, 40, 40], toPhoto)], photo).render();
  expectUntouched(result, photo, maskOf(photo, toPhoto, SIDE).mask);
  let changed = 0;
  for (let i = 0; i < 80 * 80; i++) {
    expect(result.data[4 * i + 3]).toBe(photo.data[4 * i + 3]);
    if (photo.data[4 * i + 3] === 0) expect(result.data[4 * i]).toBe(77);
    else if (result.data[4 * i] !== 77) changed++;
  }
  expect(changed).toBeGreaterThan(500);
});

test("faces go into a background of another size, at its scale", async () => {
  const gpu = await openTestGpu();
  const [photo, background] = [photoOf(100, 80), photoOf(400, 320)];
  const restored = face([230, 150, 140], [1, 0, 10, 0, 1, 8]);
  const shown = pasted(gpu, [restored], photo, background);
  expect([shown.width, shown.height]).toEqual([400, 320]);
  // corners on corners: pixel 0 of the photo is pixels 0 to 3 of the background, 1.5 in the middle
  const { mask } = maskOf(background, [4, 0, 41.5, 0, 4, 33.5], SIDE);
  const result = await shown.render();
  expect(expectUntouched(result, background, mask)).toBeGreaterThan(20_000);
  const { x, y } = maskEllipse("ffhq", SIDE);
  const middle = Math.round(4 * (y + 8) + 1.5) * 400 + Math.round(4 * (x + 10) + 1.5);
  expect(Math.abs(result.data[4 * middle] - 231)).toBeLessThan(2);
});

test("a small face is the mean of the pixels that it shrinks, and covers its place whole", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(60, 60);
  // stripes of one pixel: without a mean over the area they would beat
  const restored = picture(512, 512, (i, c) => (c === 3 ? 255 : i % 2 ? 200 : 100));
  const toPhoto: Transform = [0.0731, 0.01, 10, -0.01, 0.0731, 14];
  const faces = [{ face: NOBODY, aligned: restored, restored, toPhoto }];
  const result = await pasted(gpu, faces, photo).render();
  const { radius } = maskOf(photo, toPhoto, 512);
  let inside = 0;
  for (let i = 0; i < radius.length; i++) {
    if (radius[i] >= 0.7) continue;
    inside++;
    for (let c = 0; c < 3; c++) expect(Math.abs(result.data[4 * i + c] - 150)).toBeLessThan(5);
  }
  expect(inside).toBeGreaterThan(200);
});

test("thirty faces", async () => {
  const gpu = await openTestGpu();
  const photo = photoOf(600, 420);
  const places = Array.from({ length: 30 }, (_, i): Transform => {
    const [x, y] = [12 + 96 * (i % 6), 9 + 80 * Math.floor(i / 6)];
    return [0.9, 0.2 - 0.01 * i, x, 0.01 * i - 0.2, 0.9, y];
  });
  const shown = pasted(
    gpu,
    places.map((place) => face([190, 140, 120], place)),
    photo,
  );
  const result = await shown.render();
  const masks = places.map((place) => maskOf(photo, place, SIDE).mask);
  const mask = masks[0].map((_, i) => Math.max(...masks.map((each) => each[i])));
  expectUntouched(result, photo, mask);
  for (const each of masks) {
    const middle = each.indexOf(1);
    expect(Math.abs(result.data[4 * middle] - 191)).toBeLessThan(3);
  }
});

test("wrong options and a photo that was disposed of give one sentence", async () => {
  const gpu = await openTestGpu();
  const shown: RestoredPhoto = pasted(gpu, [], photoOf(8, 8));
  for (const wrong of [2, -0.1, Number.NaN, null, [1], "0.5", ""]) {
    const said = typeof wrong === "string" ? `"${wrong}"` : wrong;
    await expect(shown.render({ strength: wrong as number })).rejects.toThrow(
      `restorePhoto: strength ${said} must be a number from 0 (the photo) to 1 (the restored faces)`,
    );
  }
  await expect(shown.render({ faces: [0] })).rejects.toThrow(
    "restorePhoto: there is no face 0; the photo has 0, counted from 0",
  );
  shown.dispose();
  await expect(shown.render()).rejects.toThrow("the photo was disposed of; restore it again");
});
