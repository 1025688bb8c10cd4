import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { beforeAfter } from "../../src/node/before_after";
import { type Image, imageFormat, readImage, writeImage } from "../../src/node/image";
import { ImageError } from "../../src/node/image_error";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gpen-image-"));
});

/** A picture without symmetry: red grows to the right, green downwards. */
function ramp(width: number, height: number): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x * 8, y * 8, 100, 255], (y * width + x) * 4);
  }
  return { data, width, height };
}

function largestDifference(a: Image, b: Image): number {
  if (a.data.length !== b.data.length) return Number.NaN;
  return Array.from(a.data).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b.data[i])),
    0,
  );
}

describe("readImage and writeImage", () => {
  // tolerances in levels of 255: PNG is lossless; quality 95 keeps a smooth ramp within a few levels
  test.each([
    ["ramp.png", 0],
    ["ramp.jpg", 12],
    ["ramp.webp", 12],
  ])("%s comes back within %d levels", async (name, tolerance) => {
    const file = join(dir, "made", "on", "the", "way", name);
    await writeImage(file, ramp(24, 16));
    const image = await readImage(file);
    expect([image.width, image.height]).toEqual([24, 16]);
    expect(largestDifference(image, ramp(24, 16)) <= tolerance).toBe(true);
    expect(await readdir(join(file, ".."))).not.toContainEqual(expect.stringMatching(/part$/));
  });

  test("a picture is turned as its EXIF orientation says", async () => {
    const { data, width, height } = ramp(24, 16);
    const file = join(dir, "turned.png");
    // orientation 6: the camera was turned, the first stored row is the right column
    await sharp(data, { raw: { width, height, channels: 4 } })
      .withMetadata({ orientation: 6 })
      .toFile(file);
    const image = await readImage(file);
    expect([image.width, image.height]).toEqual([16, 24]);
    expect([...image.data.slice(15 * 4, 15 * 4 + 3)]).toEqual([0, 0, 100]);
  });

  test("transparency is composited over white", async () => {
    const file = join(dir, "half.png");
    const half = new Uint8ClampedArray([0, 0, 0, 128, 10, 20, 30, 0]);
    await sharp(half, { raw: { width: 2, height: 1, channels: 4 } }).toFile(file);
    const { data } = await readImage(file);
    // 255 (1 - 128/255) = 127, one level for the rounding of the compositor
    expect(Math.abs(data[0] - 127) <= 1).toBe(true);
    expect([...data.slice(4)]).toEqual([255, 255, 255, 255]);
  });

  test("transparency is kept where it is asked for, and where the format has it", async () => {
    const half = { data: Uint8ClampedArray.of(0, 0, 0, 128, 10, 20, 30, 0), width: 2, height: 1 };
    for (const kind of ["png", "webp"]) {
      const file = join(dir, `kept.${kind}`);
      await writeImage(file, half);
      const { data } = await readImage(file, { alpha: true });
      expect([data[3], data[7]]).toEqual([128, 0]);
    }
    const jpeg = join(dir, "over_white.jpg");
    await writeImage(jpeg, half);
    const { data } = await readImage(jpeg, { alpha: true });
    expect([data[3], data[7]]).toEqual([255, 255]);
    expect(data[0]).toBeGreaterThan(100);
  });

  test("grey and 16-bit pictures become RGBA8", async () => {
    const file = join(dir, "grey16.png");
    const grey = new Uint16Array([0, 0x8080, 0xffff, 0x1010]);
    await sharp(grey, { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toFile(file);
    expect((await sharp(file).metadata()).depth).toBe("ushort");
    const { data } = await readImage(file);
    const row = (v: number) => [v, v, v, 255];
    expect([...data]).toEqual([...row(0), ...row(0x80), ...row(0xff), ...row(0x10)]);
  });
});

describe("bad pictures give one sentence", () => {
  test("a file that does not exist", async () => {
    await expect(readImage(join(dir, "no.png"))).rejects.toThrow(/no\.png does not exist.*check/);
  });

  test.each(["png", "jpg", "webp"])("a %s that is cut short", async (kind) => {
    const file = join(dir, `whole.${kind}`);
    const noise = ramp(64, 64);
    noise.data.forEach((_, i) => {
      if (i % 4 < 3) noise.data[i] = (i * 2654435761) >>> 24;
    });
    await writeImage(file, noise);
    const bytes = await readFile(file);
    const cut = join(dir, `cut.${kind}`);
    await writeFile(cut, bytes.subarray(0, bytes.length * 0.6));
    await expect(readImage(cut)).rejects.toThrow(/cannot be read .*whole PNG, JPEG or WebP/);
  });

  test("text, and a picture of a format that is not taken", async () => {
    const text = join(dir, "text.png");
    await writeFile(text, "this is no picture");
    await expect(readImage(text)).rejects.toThrow(ImageError);
    const drawing = join(dir, "drawing.png");
    await writeFile(drawing, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`);
    await expect(readImage(drawing)).rejects.toThrow(/it is svg/);
  });

  test("an extension that is not known", async () => {
    expect(imageFormat("a.JPEG")).toBe("jpeg");
    expect(imageFormat("a.tiff")).toBeUndefined();
    await expect(writeImage(join(dir, "a.tiff"), ramp(2, 2))).rejects.toThrow(/must end in \.png/);
  });

  test("a place that cannot be written", async () => {
    await writeFile(join(dir, "file"), "");
    const file = join(dir, "file", "a.png");
    await expect(writeImage(file, ramp(2, 2))).rejects.toThrow(/cannot be written .*another place/);
  });
});

test("before and after stand side by side under their labels", async () => {
  const grey = (level: number): Image => ({
    data: new Uint8ClampedArray(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? 255 : level)),
    width: 16,
    height: 16,
  });
  const { data, width, height } = await beforeAfter(grey(50), grey(200));
  expect([width, height]).toEqual([768, 416]);
  const level = (x: number, y: number) => data[(y * width + x) * 4];
  expect([level(192, 224), level(576, 224)]).toEqual([50, 200]);
  const wide = await beforeAfter(grey(50), { ...ramp(96, 48) });
  expect([wide.width, wide.height]).toEqual([768, 224]);
  // the two words are lighter than the bar (32), in both halves and without any font installed
  const bar = Array.from(data.subarray(0, width * 32 * 4)).filter((_, i) => i % 4 === 0);
  const lit = (from: number, to: number) =>
    bar.filter((value, i) => i % width >= from && i % width < to && value > 128).length;
  expect(lit(0, 384)).toBeGreaterThan(300);
  expect(lit(384, 768)).toBeGreaterThan(250);
});
