import { expect, test } from "vitest";
import { readImage } from "../../src/node/image";
import { alignment, cropFace } from "../../src/photo/align";
import type { Transform } from "../../src/photo/transform";
import { gaussian } from "../../src/random";
import { warpReference } from "../../src/references/warp";
import type { Pixels } from "../../src/restore/pixels";
import { openTestGpu } from "../gpu";
import { psnr } from "../psnr";
import { ASTRONAUT, faceAt } from "./astronaut";

/** A photo of smooth noise: neighbours differ, so that a mistake in position shows. */
function noise(width: number, height: number, seed = 1): Pixels {
  const random = gaussian(seed);
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : 128 + 30 * random() + 60 * Math.sin(i / 40),
  );
  return { data, width, height };
}

/** The whole photo through the plain twin of the kernel, in pixels like `data`. */
function plain({ data, width, height }: Pixels, transform: Transform, side: number): number[] {
  const count = width * height;
  const x = Float32Array.from(
    { length: 4 * count },
    (_, i) => data[4 * (i % count) + Math.floor(i / count)],
  );
  const args = {
    x: [1, 4, height, width],
    transforms: [1, 6],
    size: { h: side, w: side },
    outside: "mirror",
  } as const;
  const y = warpReference(args, { x, transforms: Float32Array.from(transform) });
  return Array.from({ length: y.length }, (_, i) => y[(i % 4) * side * side + Math.floor(i / 4)]);
}

function largest(got: Pixels, want: readonly number[]): number {
  expect(got.data.length).toBe(want.length);
  return want.reduce((most, v, i) => Math.max(most, Math.abs(v - got.data[i])), 0);
}

test("a crop is what the whole photo warped would be, inside it and beyond its edges", async () => {
  const gpu = await openTestGpu();
  const photo = noise(200, 150);
  for (const transform of [
    [0.8, -0.3, 60, 0.3, 0.8, 30],
    [1.6, 0.9, 40, -0.9, 1.6, 45],
    [2.2, 0, -30, 0, 2.2, -20],
    [1.1, 0.2, 160, -0.2, 1.1, 110],
    // mostly outside: the mirror shows more of the photo than lies in the crop
    [1.5, 0, 190, 0, 1.5, 40],
    [-0.3, 1.8, -60, -1.8, -0.3, -12],
  ] satisfies Transform[]) {
    const crop = await cropFace(gpu, photo, transform, 48);
    // One level: positions count from the corner of the part that is uploaded.
    expect(largest(crop, plain(photo, transform, 48)), `${transform}`).toBeLessThanOrEqual(1);
  }
});

test("a face that is the photo comes back to the last bit", async () => {
  const gpu = await openTestGpu();
  const photo = noise(64, 64);
  const crop = await cropFace(gpu, photo, [1, 0, 0, 0, 1, 0], 64);
  expect(Buffer.from(crop.data.buffer).equals(Buffer.from(photo.data.buffer))).toBe(true);
});

test("a face much larger than the model's input is averaged over its area", async () => {
  const gpu = await openTestGpu();
  const [scale, side] = [40, 12];
  // stripes as far apart as 16 samples per output would be: those alone would see one phase of them
  const period = scale / 16;
  const { data, width, height } = noise(520, 500);
  const stripes = data.map((alpha, i) =>
    i % 4 === 3 ? alpha : 128 + 100 * Math.sin((2 * Math.PI * ((i >> 2) % width)) / period),
  );
  const photo = { data: stripes, width, height };
  const crop = await cropFace(gpu, photo, [scale, 0, 22, 0, scale, 19], side);
  for (let i = 0; i < side * side; i++)
    expect(Math.abs(crop.data[4 * i] - 128), `pixel ${i}`).toBeLessThan(8);
});

test("where the photo is transparent a crop shows white, also of blocks", async () => {
  const gpu = await openTestGpu();
  const { data, width, height } = noise(520, 500);
  // black where it cannot be seen
  const clear = data.map((level, i) => {
    const third = (i >> 2) % 3;
    return i % 4 === 3 ? [0, 90, 255][third] : third && level;
  });
  const white = clear.map((level, i) => {
    const alpha = clear[i | 3] / 255;
    return i % 4 === 3 ? 255 : 255 - (255 - level) * alpha;
  });
  for (const scale of [1.3, 40]) {
    const transform: Transform = [scale, 0, 22, 0, scale, 19];
    const crops = [clear, white].map((data) =>
      cropFace(gpu, { data, width, height }, transform, 12),
    );
    const [seen, wanted] = await Promise.all(crops);
    expect(largest(seen, [...wanted.data]), `scale ${scale}`).toBeLessThanOrEqual(1);
  }
});

test("the example's face is cropped as the aligned example was", async () => {
  const gpu = await openTestGpu();
  const face = faceAt(ASTRONAUT);
  const transform = alignment(face, "ffhq", 128);
  for (const [i, v] of transform.entries()) expect(Math.abs(v - ASTRONAUT[i])).toBeLessThan(1e-9);
  const crop = await cropFace(gpu, await readImage("examples/clean/photo.jpg"), transform, 128);
  const aligned = await readImage("examples/clean/astronaut.png");
  // JPEG at quality 92 costs some: 16 samples per pixel in both
  expect(psnr(crop, aligned)).toBeGreaterThan(36);
});
