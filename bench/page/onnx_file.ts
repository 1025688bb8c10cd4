import type { Checkpoint } from "../../src/weights/checkpoint";
import type { GpenConfig } from "../../src/weights/config";
import { checkpointReader } from "../../src/weights/gpen";
import { encodeModel, pieceBytes } from "../onnx/encode";
import type { Pattern } from "../onnx/fir";
import { graphBuilder } from "../onnx/graph";
import { gpenNetwork } from "../onnx/network";

/** As in bench/onnx/write.ts; a test compares the files byte by byte. */
const OPSET = 12;

/** The ONNX file of a network, made in memory: what bench/onnx/write.ts writes to disk. */
export async function onnxFile(
  parameters: Checkpoint,
  config: GpenConfig,
  pattern: Pattern,
): Promise<Uint8Array> {
  const read = await checkpointReader(parameters, "gpen", config);
  const graph = graphBuilder();
  const edges = gpenNetwork({ graph, read, pattern }, config);
  const pieces = encodeModel(graph, edges, OPSET);
  const file = new Uint8Array(pieces.reduce((sum, piece) => sum + pieceBytes(piece), 0));
  let at = 0;
  for (const piece of pieces) {
    file.set(piece instanceof Uint8Array ? piece : await piece.read(), at);
    at += pieceBytes(piece);
  }
  return file;
}
