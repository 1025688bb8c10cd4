import { copyFile, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openDriver } from "../../src/node/driver";
import { readImage } from "../../src/node/image";
import { openTestGpu } from "../gpu";
import { gpen } from "./gpen";

const FACE = "examples/astronaut.png";
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

test("the example is restored, with a before/after picture and an honest report", async () => {
  await openTestGpu();
  const { name } = await openDriver("auto");
  const [result, compare] = [join(dir, "new", "face.png"), join(dir, "both.png")];
  const { code, out, err } = await gpen("restore", FACE, result, "--compare", compare);
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
  const first = await gpen("restore", from, to);
  expect(first.code).toBe(1);
  expect(first.err).toMatch(/restore: 1 of 3 pictures failed: bad\.jpg \(.*cannot be read/);
  expect(first.out).toMatch(/wrote {4}2 pictures to /);
  expect(await readdir(to)).toEqual(["a.png", "b.png"]);

  await writeFile(join(to, "a.png"), "finished before");
  await copyFile(FACE, join(from, "bad.jpg"));
  const second = await gpen("restore", from, to, "--resume");
  expect([second.code, second.out]).toEqual([0, expect.stringMatching(/1 picture to .*, 2 were/)]);
  expect(await readFile(join(to, "a.png"), "utf8")).toBe("finished before");
  expect((await stat(join(to, "bad.jpg"))).size).toBeGreaterThan(500);
  const third = await gpen("restore", from, to, "--resume");
  expect(third).toMatchObject({
    code: 0,
    out: expect.stringMatching(/nothing to do: .* holds all of 3 pictures/),
  });
});

test("an adapter that is not there exits 1 with one line", async () => {
  await openTestGpu();
  const { code, err } = await gpen("restore", FACE, join(dir, "o.png"), "--adapter", "no such");
  expect(code).toBe(1);
  expect(err).toMatch(/^gpu: [^\n]*\n$/);
});
