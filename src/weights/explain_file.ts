import { WeightsError } from "../errors";
import { isOnnx, isPytorch } from "./signatures";

/*
 * What is wrong with a file that is no safetensors file. Loaded only where there is one: the restore
 * path of a page is the smaller for it.
 */

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

/** Throws a WeightsError if the file is something that is often found in place of a model. */
export function refuseImpostor(first: Uint8Array): void {
  const text = String.fromCharCode(...first);
  const lower = text.trimStart().toLowerCase();
  const impostor = IMPOSTORS.find(([begins]) => begins.some((start) => lower.startsWith(start)));
  if (impostor) throw new WeightsError(`weights: ${impostor[1]}`);
}

/** Why none of the formats that were passed reads this file. */
export function unreadable(first: Uint8Array): WeightsError {
  for (const [name, is] of [
    ["pytorch", isPytorch],
    ["onnx", isOnnx],
  ] as const) {
    if (is(first)) return new WeightsError(notPassed(name));
  }
  if (first[0] === 0x80 && first[1] <= 5) {
    return new WeightsError(
      "weights: this is a plain pickle, not what torch.save writes; load it in Python and save its state_dict() with torch.save",
    );
  }
  const hex = [...first.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  return new WeightsError(
    `weights: the file begins with ${hex.join(" ")}; safetensors, PyTorch (.pth, .pt) and ONNX files are read`,
  );
}

function notPassed(name: string): string {
  return `weights: this is a file of format ${name}, whose importer was not passed; add import { ${name} } from "gpen-webgpu/importers" and the option formats: [${name}], or convert it with gpen convert`;
}

/** The refusal of a key where there is nothing to choose from. */
export function needlessKey(key: string, format: string): WeightsError {
  return new WeightsError(
    `weights: --key ${key} was given, but a file of format ${format} has no entries to choose from; leave it out`,
  );
}
