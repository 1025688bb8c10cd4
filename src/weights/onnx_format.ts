import type { Format } from "./format";
import { readOnnx } from "./onnx";
import { isOnnx } from "./signatures";

/** Exports of a GPEN in f32 or f16. */
export const onnx: Format = {
  name: "onnx",
  keyed: false,
  recognises: isOnnx,
  read: readOnnx,
};
