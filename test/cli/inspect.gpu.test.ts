import { copyFile, mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openFileSource } from "../../src/node/file_source";
import { randomSource } from "../../src/weights/random_source";
import { openTestGpu } from "../gpu";
import { gpen } from "./gpen";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gpen-inspect-"));
});

describe("random weights of the published sizes", () => {
  // Counted in PyTorch: its convolutions and linear layers have 8.569, 137.060, 171.135 and 205.461
  // G MACs; what is above that are our demodulation factors.
  test.each([
    [256, "18,879,010", "8.57"],
    [512, "71,005,223", "137.06"],
    [1024, "71,210,540", "171.14"],
    [2048, "71,294,769", "205.47"],
  ])("inspect random-%i, without making them", async (size, parameters, macs) => {
    await openTestGpu();
    const start = performance.now();
    const { code, out, err } = await gpen("inspect", `random-${size}`);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`kind        gpen, ${size}x${size} to ${size}x${size}\n`);
    expect(out).toContain(`parameters  ${parameters}\n`);
    expect(out).toContain(`MACs        ${macs} G per picture\n`);
    // making and reading the weights alone takes several seconds; a busy machine is slow
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test("convert random-256:7 writes what the source has, and other seeds other weights", async () => {
    const file = join(dir, "r.safetensors");
    expect(await gpen("convert", "random-256:7", file)).toMatchObject({ code: 0, err: "" });
    const [source, made] = [await openFileSource(file), await randomSource(256, 7)];
    const other = await randomSource(256, 8);
    // from the end, where the tensors of both lie alike whatever the headers hold
    for (const at of [4, 1_000_003, 9_999_999, made.size - 20_000]) {
      const piece = await made.read(made.size - at - 4, 4);
      expect(await source.read(source.size - at - 4, 4), `${at} from the end`).toEqual(piece);
    }
    expect(await other.read(made.size - 5_000_000, 64)).not.toEqual(
      await made.read(made.size - 5_000_000, 64),
    );
    // one read over several tensors and the header
    const [start, end] = [await made.read(0, 60_000), await made.read(30_000, 30_000)];
    expect(start.subarray(30_000)).toEqual(end);
    await source.close();
  });
});

test("the memory plan, and which sizes fit in which precision, in bands or not", async () => {
  await openTestGpu();
  const { out } = await gpen("inspect", "random-512");
  const [, peak, sum, largest] =
    /memory f32 {2}activations ([\d.]+) MB \(([\d.]+) MB without reuse\), weights [\d.]+ MB, largest buffer ([\d.]+) MB/.exec(
      out,
    )!;
  expect(Number(peak)).toBeLessThan(0.6 * Number(sum));
  expect(Number(largest)).toBeLessThanOrEqual(67.4); // 513 x 513 x 64 channels x 4 bytes
  expect(out).toMatch(/\ndevice {6}.+: bindings to [\d.]+ MB, buffers to [\d.]+ MB\n/);
  for (const size of [256, 512, 1024, 2048]) {
    expect(out).toMatch(
      new RegExp(`\\n {2}GPEN-${size} +f32 (fits( in bands of rows)?: |does not fit: ).*; f16 `),
    );
  }
});

test("--profile times every step, --check compares every step with the CPU", async () => {
  await openTestGpu();
  const model = "test/golden/bfr32/weights.pth";
  const { code, out, err } = await gpen("inspect", model, "--profile", "--check");
  expect([code, err]).toEqual([0, ""]);
  const [, count] = /all (\d+) steps on /.exec(out)!;
  expect(out.match(/^ +\d+\.\d{3} ms {2}\S+ \(\w+\)$/gm)).toHaveLength(Number(count));
  expect(out).toMatch(/ ms {2}ecd0 \(conv\w+\)\n/);
  const [, worst] = new RegExp(
    `check {7}all ${count} steps agree with the CPU: at most (\\S+) of the largest value apart`,
  ).exec(out)!;
  expect(Number(worst)).toBeLessThanOrEqual(1e-4);
  expect(Number(worst)).toBeGreaterThan(0); // sums in another order cannot all agree
});

test("a model in --dir is found by its published name, and its entry gives the task", async () => {
  await copyFile("test/golden/bfr32/weights.pth", join(dir, "GPEN-Colorization-1024.pth"));
  await openTestGpu();
  const found = await gpen("inspect", "gpen-colorization-1024", "--dir", dir);
  expect(found.out).toContain(`file        ${join(dir, "GPEN-Colorization-1024.pth")}, `);
  const picture = join(dir, "o.png");
  const options = ["--model", "GPEN-Colorization-1024", "--dir", dir];
  const { code, out } = await gpen("restore", "examples/astronaut.png", picture, ...options);
  expect(code).toBe(0);
  expect(out).toMatch(/^model {4}.*GPEN-Colorization-1024\.pth: colorize, 32x32, f\d\d$/m);
  expect((await stat(picture)).size).toBeGreaterThan(1000);
});

describe("failures are one line and exit 1", () => {
  test.each([
    ["inspect random-300", /^model: no GPEN of 300 px was published; use 256, 512, 1024, 2048\n$/],
    ["inspect random-", /neither a file nor a name in \.\/models/],
    ["inspect nothing --dir DIR", /neither a file nor a name in .* or \.\/models/],
    ["inspect GPEN-BFR-512", /published but not here; put GPEN-BFR-512\.pth from .* --dir/],
    ["inspect DIR/page.pth", /this is a web page/],
    ["inspect DIR/empty.pth", /the file is empty/],
    ["inspect gpen-tiny-128 --noise add", /noise/],
    ["inspect gpen-tiny-128 --key g", /no entries to choose from/],
    ["inspect gpen-tiny-128 --adapter nobody", /^gpu: /],
    ["convert random-300 DIR/o.safetensors", /no GPEN of 300/],
    ["convert gpen-tiny-128 DIR/empty.pth/o.safetensors", /cannot be written/],
    ["run gpen-tiny-128 --in DIR/no.safetensors --out DIR/o.safetensors", /cannot be opened/],
    ["sample test/golden/bfr64/discriminator.safetensors DIR/o.png", /holds a discriminator/],
    ["restore examples/astronaut.png DIR/o.png --model DIR/page.pth", /this is a web page/],
  ])("gpen %s", async (args, sentence) => {
    await writeFile(join(dir, "page.pth"), "<!DOCTYPE html><title>Sign in</title>");
    await writeFile(join(dir, "empty.pth"), "");
    const { code, err } = await gpen(...args.split(" ").map((arg) => arg.replace("DIR", dir)));
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });
});
