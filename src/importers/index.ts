/**
 * Formats that loadGpen reads when it is given them: loadGpen(gpu, source, { formats: [pytorch] }).
 *
 * @module
 */
import type { Format } from "../weights/format";
import { onnx } from "../weights/onnx_format";
import { pytorch } from "../weights/pytorch_format";

export type { Format, FormatOptions } from "../weights/format";
export { onnx, pytorch };

/** All of them. */
export const FORMATS: readonly Format[] = [pytorch, onnx];
