import { expect, test } from "vitest";
import { FORMATS } from "../../src/importers/index";
import { bytesSource } from "../../src/weights/byte_source";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { floats, pickle, safetensors, utf8 } from "./build";
import { golden, refuses } from "./files";

const open = (bytes: Uint8Array, key?: string) =>
  openCheckpoint(bytesSource(bytes), { key, formats: FORMATS });

test("each format is recognised by its first bytes", async () => {
  const formats = ["weights.safetensors", "weights.pth", "weights_legacy.pth", "model.onnx"];
  const found = [];
  for (const file of formats)
    found.push((await openCheckpoint(golden(`bfr64/${file}`), { formats: FORMATS })).format);
  expect(found).toEqual(["safetensors", "pytorch", "pytorch-legacy", "onnx"]);
});

test("an entry of a training checkpoint can be chosen", async () => {
  const { tensors } = await openCheckpoint(golden("odd/training.pth"), {
    key: "d",
    formats: FORMATS,
  });
  expect(tensors.has("final_conv.0.weight")).toBe(true);
});

const REFUSED: readonly (readonly [why: string, bytes: Uint8Array, words: string])[] = [
  ["an empty file", new Uint8Array(), "the file is empty (0 bytes); download it again"],
  ["a web page", utf8("\n  <!DOCTYPE html><html>"), "this is a web page, not a model"],
  ["a web page without a doctype", utf8("<html><body>404"), "this is a web page"],
  [
    "a git-lfs pointer",
    utf8("version https://git-lfs.github.com/spec/v1\noid"),
    'run "git lfs pull"',
  ],
  ["a gzip file", Uint8Array.of(0x1f, 0x8b, 8, 0), "compressed archive, not a model; unpack it"],
  ["a PNG picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), "this is a picture"],
  ["a JPEG picture", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "this is a picture"],
  ["a plain pickle", pickle([0x4e]), "this is a plain pickle, not what torch.save writes"],
  ["other bytes", Uint8Array.of(1, 2, 3), "the file begins with 01 02 03; safetensors, PyTorch"],
  ["one byte of a ZIP", utf8("P"), "the file begins with 50"],
];

for (const [why, bytes, words] of REFUSED) {
  test(`${why} gets a sentence of its own`, () => refuses(() => open(bytes), words));
}

test("a key makes no sense where there are no entries", async () => {
  await refuses(() => open(safetensors({}, floats()), "d"), "--key d was given, but");
});

test("a format whose importer was not passed names the line to add", async () => {
  for (const [file, name] of [
    ["weights.pth", "pytorch"],
    ["weights_legacy.pth", "pytorch"],
    ["model.onnx", "onnx"],
  ]) {
    const words = `add import { ${name} } from "gpen-webgpu/importers" and the option formats: [${name}]`;
    await refuses(() => openCheckpoint(golden(`bfr64/${file}`)), words);
  }
  const others = FORMATS.filter(({ name }) => name === "onnx");
  await refuses(() => openCheckpoint(golden("bfr64/weights.pth"), { formats: others }), "pytorch");
});
