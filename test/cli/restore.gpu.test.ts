import { copyFile, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { openDriver } from "../../src/node/driver";
import { readImage } from "../../src/node/image";
import { openTestGpu } from "../gpu";
import { gpen } from "./gpen";

const FACE = "examples/astronaut.png";
const PHOTO = "examples/photo.jpg";
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gpen-restore-"));
});

/** Peak signal-to-noise ratio of two pictures' RGB in dB; NaN if their sizes differ. */
async function psnr(a: string, b: string): Promise<number> {
  const [x, y] = [(await readImage(a)).data, (await readImage(b)).data];
  if (x.length !== y.length) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += i % 4 < 3 ? (x[i] - y[i]) ** 2 : 0;
  return 10 * Math.log10(255 ** 2 / (sum / ((x.length * 3) / 4)));
}

test("an aligned face is restored, with a before/after picture and an honest report", async () => {
  await openTestGpu();
  const { name } = await openDriver("auto");
  const [result, compare] = [join(dir, "new", "face.png"), join(dir, "both.png")];
  const { code, out, err } = await gpen("restore", FACE, result, "--aligned", "--compare", compare);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain(`adapter  ${name}\n`);
  expect(out).toMatch(/time {5}load \d+ ms \(of it compile \d+ ms\), run \d+ ms\n/);
  expect(out).toContain(`wrote    ${result}\n`);
  // PyTorch gives 24.58 dB from 23.94 dB; 0.005 dB for the printed digits, 0.01 dB for rounding
  expect(Math.abs((await psnr(result, "examples/clean/astronaut.png")) - 24.58) <= 0.015).toBe(
    true,
  );
  expect(await readImage(compare)).toMatchObject({ width: 768, height: 416 });
});

test("a directory: bad pictures are named, the others are done, --resume skips those", async () => {
  await openTestGpu();
  const [from, to] = [dir, join(dir, "out")];
  for (const file of ["a.png", "b.png"]) await copyFile(FACE, join(from, file));
  await writeFile(join(from, "bad.jpg"), "no picture");
  await writeFile(join(from, "notes.txt"), "left alone");
  const first = await gpen("restore", from, to, "--aligned");
  expect(first.code).toBe(1);
  expect(first.err).toMatch(/restore: 1 of 3 pictures failed: bad\.jpg \(.*cannot be read/);
  expect(first.out).toMatch(/wrote {4}2 pictures to /);
  expect(await readdir(to)).toEqual(["a.png", "b.png"]);

  await writeFile(join(to, "a.png"), "finished before");
  await copyFile(FACE, join(from, "bad.jpg"));
  const second = await gpen("restore", from, to, "--aligned", "--resume");
  expect([second.code, second.out]).toEqual([0, expect.stringMatching(/1 picture to .*, 2 were/)]);
  expect(await readFile(join(to, "a.png"), "utf8")).toBe("finished before");
  expect((await stat(join(to, "bad.jpg"))).size).toBeGreaterThan(500);
  const third = await gpen("restore", from, to, "--aligned", "--resume");
  expect(third).toMatchObject({
    code: 0,
    out: expect.stringMatching(/nothing to do: .* holds all of 3 pictures/),
  });
});

test("a photo: its face is found and restored, the rest stays, faces are saved", async () => {
  await openTestGpu();
  const [result, faces] = [join(dir, "photo.png"), join(dir, "faces")];
  const { code, out, err } = await gpen("restore", PHOTO, result, "--faces", faces);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/faces {4}1 restored: detect .*, align .*, restore .*, paste /);
  expect(out).toContain(`wrote    ${result}\n`);
  expect(await readdir(faces)).toEqual(["photo-1-aligned.png", "photo-1-restored.png"]);
  const clean = "examples/clean/astronaut.png";
  // the example's own alignment is from other points: the face alone is compared where it is
  expect(await readImage(join(faces, "photo-1-restored.png"))).toMatchObject({ width: 128 });
  expect(await psnr(join(faces, "photo-1-restored.png"), clean)).toBeGreaterThan(17);
  const [before, after] = [await readImage(PHOTO), await readImage(result)];
  let changed = 0;
  for (let i = 0; i < 512 * 512; i++) {
    if ([0, 1, 2].every((c) => after.data[4 * i + c] === before.data[4 * i + c])) continue;
    changed++;
    // the face lies within (155, 45) and (295, 190)
    expect(Math.abs((i % 512) - 225) < 85 && Math.abs(i / 512 - 115) < 85, `pixel ${i}`).toBe(true);
  }
  expect(changed).toBeGreaterThan(7000);
});

test("a background that was enlarged by another tool takes the face, at its size", async () => {
  await openTestGpu();
  const [background, result] = [join(dir, "large.webp"), join(dir, "out.webp")];
  await sharp(PHOTO).resize(768, 768).webp({ lossless: true }).toFile(background);
  const { code } = await gpen("restore", PHOTO, result, "--background", background, "--only", "1");
  expect(code).toBe(0);
  expect(await readImage(result)).toMatchObject({ width: 768, height: 768 });
});

test("a photo without a face: one line says so, and the file is the same", async () => {
  await openTestGpu();
  const [from, to] = [join(dir, "sky.png"), join(dir, "new", "out.png")];
  const create = { width: 200, height: 120, channels: 4, background: "#3060a080" } as const;
  await sharp({ create }).png().toFile(from);
  const { code, out, err } = await gpen("restore", from, to);
  expect([code, err, out]).toEqual([0, "", `no face found in ${from}: ${to} is unchanged\n`]);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
});

test("an adapter that is not there exits 1 with one line", async () => {
  await openTestGpu();
  const { code, err } = await gpen("restore", FACE, join(dir, "o.png"), "--adapter", "no such");
  expect(code).toBe(1);
  expect(err).toMatch(/^gpu: [^\n]*\n$/);
});
