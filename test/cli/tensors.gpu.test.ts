import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readImage } from "../../src/node/image";
import { bytesSource } from "../../src/weights/byte_source";
import { readSafetensors } from "../../src/weights/safetensors";
import { expectClose } from "../compare";
import { goldenTensors } from "../golden";
import { openTestGpu } from "../gpu";
import { gpen } from "./gpen";

const BFR64 = "test/golden/bfr64";
// the project's tolerance for f32: sums of many products in another order than PyTorch's
const TOLERANCE = 1e-4;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gpen-tensors-"));
});

async function tensors(file: string): Promise<Map<string, Float32Array>> {
  const checkpoint = await readSafetensors(bytesSource(await readFile(file)));
  const read = [...checkpoint.tensors].map(
    async ([key, each]) => [key, await each.read()] as const,
  );
  return new Map(await Promise.all(read));
}

describe("gpen run gives PyTorch's numbers under the golden names", () => {
  test.each([
    ["bfr32", "weights.pth", ["--taps"], ["output", "prior.output", "tap.z", "tap.rgb32"]],
    ["bfr64", "weights.safetensors", [], ["output"]],
    ["bfr64", "discriminator.safetensors", ["--taps"], ["disc.logits", "disc.feat.0"]],
    ["sr32to64", "weights.pth", [], ["output"]],
    ["noise_add", "weights.pth", ["--noise", "add"], ["output"]],
  ] as const)("%s/%s %s", async (name, model, flags, wanted) => {
    await openTestGpu();
    const out = join(dir, "out.safetensors");
    // the golden discriminator judges the restored picture
    const from = model.startsWith("disc") ? await pictureAsInput(name) : goldenFile(name);
    const done = await gpen(
      "run",
      `test/golden/${name}/${model}`,
      "--in",
      from,
      "--out",
      out,
      ...flags,
    );
    expect([done.code, done.err]).toEqual([0, ""]);
    const [got, golden] = [await tensors(out), await goldenTensors(name)];
    expect([...got.keys()]).toEqual(expect.arrayContaining([...wanted]));
    for (const [key, values] of got) {
      if (golden.has(key)) expectClose(values, golden.get(key)!, TOLERANCE, key);
    }
  });

  test("an input that is missing is named", async () => {
    await openTestGpu();
    const out = join(dir, "out.safetensors");
    const model = "test/golden/sr32to64/weights.pth";
    const { code, err } = await gpen("run", model, "--in", goldenFile("bfr64"), "--out", out);
    expect(code).toBe(1);
    expect(err).toMatch(/^run: (input is|the file of inputs has no) [^\n]+\n$/);
    await expect(stat(out)).rejects.toThrow(/ENOENT/);
  });
});

function goldenFile(name: string): string {
  return `test/golden/${name}/golden.safetensors`;
}

/** A file whose `input` is the golden `output`, made with the command line itself. */
async function pictureAsInput(name: string): Promise<string> {
  const { writeSafetensorsFile } = await import("../../src/cli/safetensors_file");
  const file = join(dir, "picture.safetensors");
  const golden = await readSafetensors(bytesSource(await readFile(goldenFile(name))));
  const output = golden.tensors.get("output")!;
  await writeSafetensorsFile(file, new Map([["input", output]]), new Map(), "F32");
  return file;
}

describe("gpen convert", () => {
  test("a converted file holds the same numbers and says its configuration", async () => {
    const file = join(dir, "new", "bfr64.safetensors");
    const done = await gpen("convert", `${BFR64}/weights_legacy.pth`, file);
    expect([done.code, done.err]).toEqual([0, ""]);
    const [got, want] = [await tensors(file), await tensors(`${BFR64}/weights.safetensors`)];
    expect([...got.keys()].sort()).toEqual([...want.keys()].sort());
    // float32 to float32: bit for bit
    for (const [key, values] of want) expect(got.get(key), key).toEqual(values);
    const { metadata } = await readSafetensors(bytesSource(await readFile(file)));
    expect(metadata.get("gpen.in_size")).toBe("64");
    expect(metadata.get("gpen.channel_multiplier")).toBe("2");
    expect(metadata.get("gpen.noise")).toBe("concat");
  });

  test("--dtype f16 halves the file", async () => {
    const [f32, f16] = [join(dir, "a.safetensors"), join(dir, "b.safetensors")];
    await gpen("convert", "gpen-tiny-128", f32);
    await gpen("convert", "gpen-tiny-128", f16, "--dtype", "f16");
    const [large, small] = [(await stat(f32)).size, (await stat(f16)).size];
    // both have the same header of some 11 kB
    expect(Math.abs(small / large - 0.5) <= 0.01).toBe(true);
  });

  test("a file that cannot be told apart asks for --noise", async () => {
    const out = join(dir, "a.safetensors");
    const { code, err } = await gpen("convert", "test/golden/noise_add/weights.pth", out);
    expect([code, err]).toEqual([1, expect.stringMatching(/^[^\n]*noise[^\n]*\n$/)]);
  });
});

test("gpen inspect says what a model is and what fits", async () => {
  const { code, out } = await gpen("inspect", "gpen-tiny-128");
  expect(code).toBe(0);
  expect(out).toMatch(/kind {8}gpen, 128x128 to 128x128\n/);
  expect(out).toMatch(/channels {4}multiplier 1, narrow 0\.1875\n/);
  expect(out).toMatch(/parameters {2}2,138,0\d\d\n/);
  expect(out).toMatch(/MACs {8}0\.\d\d G per picture/);
  expect(out).toMatch(/= conv\w+\(.*\(1, 24, 128, 128\) {2}# ecd0\n/);
  expect(out).toMatch(/\n {2}GPEN-256 {2}f32 fits: /);
});

test("gpen sample draws the same face from the same seed, and another from another", async () => {
  await openTestGpu();
  const face = async (name: string, ...flags: string[]) => {
    const file = join(dir, name);
    const done = await gpen("sample", `${BFR64}/weights.safetensors`, file, ...flags);
    expect([done.code, done.err]).toEqual([0, ""]);
    return file;
  };
  const pixels = async (file: string) => Array.from((await readImage(file)).data);
  await face("many.png", "--count", "2", "--seed", "4");
  const [four, five] = [join(dir, "many_4.png"), join(dir, "many_5.png")];
  expect((await pixels(four)).length).toBe(64 * 64 * 4);
  expect(await pixels(await face("again.png", "--seed", "5"))).toEqual(await pixels(five));
  expect(await pixels(four)).not.toEqual(await pixels(five));
  expect(await pixels(await face("mixed.png", "--seed", "5", "--mix", "4:2"))).not.toEqual(
    await pixels(five),
  );
});
