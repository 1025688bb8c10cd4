import { WeightsError } from "../errors";
import type { ByteSource } from "./byte_source";
import type { Checkpoint } from "./checkpoint";
import type { PytorchOptions } from "./pytorch";

const WHERE = "weights";
const FIRST_BYTES = 256;

/** First bytes of an ONNX ModelProto: the tag of any of its fields (onnx.proto, ModelProto). */
const ONNX_TAGS = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca]);

/** What is served or stored in place of a model, by its first bytes as lower-case Latin-1. */
const IMPOSTORS: readonly (readonly [begins: readonly string[], sentence: string])[] = [
  [
    ["<!doctype", "<html", "<?xml", "<head"],
    "this is a web page, not a model: the link led to a page; open it in a browser and save the file itself",
  ],
  [
    ["version https://git-lfs"],
    'this is a git-lfs pointer, not the model itself; run "git lfs pull" or download the file it points to',
  ],
  [
    ["\u001f\u008b", "bzh", "\u00fd7zxz", "7z\u00bc\u00af", "rar!"],
    "this is a compressed archive, not a model; unpack it first",
  ],
  [
    ["\u0089png", "\u00ff\u00f8\u00ff", "riff"],
    "this is a picture, not a model; are two arguments swapped?",
  ],
];

/**
 * Opens a checkpoint of any format, recognised by its first bytes: safetensors, PyTorch (ZIP or
 * legacy container) or ONNX. Only headers are read; each tensor reads its own bytes when asked.
 *
 * Errors    WeightsError in one sentence: an empty file, a web page, a git-lfs pointer, an unknown
 *           format, `key` for a format that has no entries, and everything the readers say
 */
export async function openCheckpoint(
  source: ByteSource,
  options: PytorchOptions = {},
): Promise<Checkpoint> {
  if (source.size === 0) {
    throw new WeightsError(`${WHERE}: the file is empty (0 bytes); download it again`);
  }
  const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
  const format = recognise(first);
  if (format === "pytorch") return (await import("./pytorch")).readPytorch(source, options);
  if (options.key !== undefined) {
    throw new WeightsError(
      `${WHERE}: --key ${options.key} was given, but a file of format ${format} has no entries to choose from; leave it out`,
    );
  }
  if (format === "onnx") return (await import("./onnx")).readOnnx(source);
  return (await import("./safetensors")).readSafetensors(source);
}

function recognise(first: Uint8Array): "pytorch" | "safetensors" | "onnx" {
  const text = String.fromCharCode(...first);
  const lower = text.trimStart().toLowerCase();
  const impostor = IMPOSTORS.find(([begins]) => begins.some((start) => lower.startsWith(start)));
  if (impostor) throw new WeightsError(`${WHERE}: ${impostor[1]}`);
  if (text.startsWith("PK")) return "pytorch";
  if (text.startsWith("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20")) return "pytorch";
  if (first[0] === 0x80 && first[1] <= 5) {
    throw new WeightsError(
      `${WHERE}: this is a plain pickle, not what torch.save writes; load it in Python and save its state_dict() with torch.save`,
    );
  }
  if (text[8] === "{") return "safetensors";
  if (ONNX_TAGS.has(first[0])) return "onnx";
  const hex = [...first.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  throw new WeightsError(
    `${WHERE}: the file begins with ${hex.join(" ")}; safetensors, PyTorch (.pth, .pt) and ONNX files are read`,
  );
}
