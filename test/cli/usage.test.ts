import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { gpen } from "./gpen";

const FACE = "examples/astronaut.png";
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gpen-cli-"));
});

/** DIR in an argument stands for an empty directory made for this file. */
const inDir = (args: string) => args.split(" ").map((arg) => arg.replace("DIR", dir));

describe("wrong usage exits 2 with one line that says what to do", () => {
  test.each([
    ["", /no command was given; use one of restore, inspect, convert, run, sample, models/],
    ["restor a b", /unknown command 'restor'; see gpen --help/],
    ["restore", /missing required argument 'in'/],
    [`restore ${FACE}`, /missing required argument 'out'/],
    [`restore ${FACE} DIR/o.png extra`, /too many arguments/],
    [`restore ${FACE} DIR/o.png --colour`, /unknown option '--colour'/],
    [`restore ${FACE} DIR/o.png --strength 1.5`, /'1.5' is invalid.*number from 0 to 1/],
    [`restore ${FACE} DIR/o.png --strength nan`, /'nan' is invalid.*number from 0 to 1/],
    [`restore ${FACE} DIR/o.png --precision f64`, /'f64' is invalid.*auto, f32, f16/],
    [`restore ${FACE} DIR/o.png --task swap`, /restore, colorize, inpaint, seg2face/],
    [`restore ${FACE} DIR/o.png --noise maybe`, /concat, add, none/],
    [`restore ${FACE} DIR/o.tiff`, /o\.tiff must end in \.png, \.jpg, \.jpeg or \.webp/],
    [`restore ${FACE} DIR/o`, /must end in/],
    ["restore examples/README.md DIR/o.png", /README\.md must end in/],
    ["restore DIR/no.png DIR/o.png", /no\.png does not exist; name a picture or a directory/],
    [`restore ${FACE} examples/../${FACE}`, /is the input itself; name another place/],
    [`restore ${FACE} DIR/o.png --compare ${FACE}`, /is the input itself/],
    [`restore ${FACE} DIR/o.png --compare DIR/o.png`, /is also the result; name two files/],
    ["restore examples examples", /is the input itself/],
    ["restore examples DIR/out --compare DIR/c.png", /takes one picture, but examples is a dir/],
    [`restore examples ${FACE}`, /examples is a directory, but .* is a file; name a directory/],
    ["restore examples DIR/out --background a.png", /--background takes one picture, but examples/],
    [`restore ${FACE} DIR/o.png --only none`, /all, largest, or a whole number from 1 on/],
    [`restore ${FACE} DIR/o.png --template round`, /gpen, ffhq, arcface/],
    [`restore ${FACE} DIR/o.png --aligned --keep-colour`, /--keep-colour is for photos; leave out/],
    [`restore ${FACE} DIR/o.png --aligned --only 2`, /--only is for photos/],
    ["inspect", /missing required argument 'model'/],
    ["convert gpen-tiny-128 DIR/o.onnx", /o\.onnx must end in \.safetensors/],
    ["convert gpen-tiny-128 models/gpen-tiny-128.safetensors", /is the input itself/],
    ["convert gpen-tiny-128 DIR/o.safetensors --dtype f8", /f16, f32/],
    ["run gpen-tiny-128 --out DIR/o.safetensors", /required option '--in <file>' not specified/],
    ["run gpen-tiny-128 --in a.npz --out DIR/o.safetensors", /a\.npz must end in \.safetensors/],
    ["run gpen-tiny-128 --in a.safetensors --out a.safetensors", /is the input itself/],
    ["sample gpen-tiny-128 DIR/o.gif", /o\.gif must end in/],
    ["sample gpen-tiny-128 DIR/o.png --count 0", /whole number from 1 to 10000/],
    ["sample gpen-tiny-128 DIR/o.png --seed -1", /whole number from 0 to 4294967295/],
    ["sample gpen-tiny-128 DIR/o.png --mix 7", /SEED:LAYER, for example 7:4/],
    ["models --dir DIR/no", /no is not a directory; name one that exists/],
  ])("gpen %s", async (args, sentence) => {
    const { code, out, err } = await gpen(...(args === "" ? [] : inDir(args)));
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect([code, out]).toEqual([2, ""]);
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("failure exits 1 with one line", () => {
  test.each([
    [`restore ${FACE} DIR/o.png --model no-such`, /no-such is neither a file nor a name/],
    [`restore ${FACE} DIR/o.png --model GPEN-BFR-512`, /published but not here; put GPEN-BFR-512/],
    ["restore DIR DIR/out", /has no PNG, JPEG or WebP picture/],
  ])("gpen %s", async (args, sentence) => {
    const { code, out, err } = await gpen(...inDir(args));
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect([code, out]).toEqual([1, ""]);
  });

  test("--debug adds the stack trace", async () => {
    const { code, err } = await gpen(
      "restore",
      FACE,
      join(dir, "o.png"),
      "--model",
      "x",
      "--debug",
    );
    expect(code).toBe(1);
    expect(err).toMatch(/\n {4}at /);
  });
});

test("help and version exit 0", async () => {
  const help = await gpen("--help");
  expect([help.code, help.err]).toEqual([0, ""]);
  for (const name of ["restore", "inspect", "convert", "run", "sample", "models"]) {
    expect(help.out).toContain(`\n  ${name} `);
  }
  expect((await gpen("restore", "--help")).out).toContain("--strength");
  expect(await gpen("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\./) });
});

test("gpen models tells an intact copy from a damaged one and from none", async () => {
  const place = await mkdtemp(join(tmpdir(), "gpen-models-"));
  await writeFile(join(place, "GPEN-BFR-256.fp16.onnx"), "not it");
  await writeFile(join(place, "GPEN-BFR-256.pth"), "whatever");
  const { code, out } = await gpen("models", "--dir", place);
  expect(code).toBe(0);
  const entry = (name: string) => out.split("\n\n").find((each) => each.startsWith(`${name} `));
  expect(entry("GPEN-BFR-256-fp16")).toMatch(/here .*another file or damaged, 6 bytes/);
  expect(entry("GPEN-BFR-256")).toMatch(/here .*present, but there is no sha256/);
  expect(entry("GPEN-BFR-512")).toMatch(/here {5}no$/);
  expect(entry("GPEN-Seg2face-512")).toMatch(/RGB in \[0, 1\] -> output/);
  expect(out).toMatch(/licence of all of these: .*non-commercial/);
});
