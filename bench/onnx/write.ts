import { open } from "node:fs/promises";
import { WeightsError } from "../../src/errors";
import { show } from "../../src/tensor";
import { checkConfig } from "../../src/weights/check_config";
import type { Checkpoint } from "../../src/weights/checkpoint";
import type { GpenConfig } from "../../src/weights/config";
import { checkpointReader } from "../../src/weights/gpen";
import { encodeModel } from "./encode";
import type { Pattern } from "./fir";
import { graphBuilder, type Initializer } from "./graph";
import { gpenNetwork } from "./network";

/** The newest opset whose ReduceSum and Unsqueeze still name their axes as published files do. */
const OPSET = 12;

/**
 * Writes a GPEN as an ONNX file with its weights inside, equalisation scales folded in, as torch.onnx
 * writes the original with constants folded. One tensor is in memory at a time.
 *
 *   published   the operations of the files in circulation: filters are Pad + Conv over channels as a
 *               batch, activated layers MatMul + Add. Their amounts of padding are computed by nodes,
 *               which runtimes fold when they load; here they are constants.
 *   lean        filters are sums of slices, activated layers Gemm: fewer operations that move data
 *
 * Shapes    "input" (1, 3, inSize, inSize) -> "output" of the same shape, RGB in [-1, 1]
 * Errors    WeightsError if the parameters are not those of `config`; ShapeError if no GPEN has it,
 *           or its output is larger than its input; whatever the file system says
 * Source    GPEN face_model/gpen_model.py; a published GPEN-256 has 0.28 MB beside its weights, which
 *           leaves room for about 880 nodes but not for the indices of a scattered upsampling
 */
export async function writeOnnx(
  path: string,
  parameters: Checkpoint,
  config: GpenConfig,
  pattern: Pattern,
): Promise<void> {
  checkConfig(config);
  const read = await checkpointReader(parameters, "gpen", config);
  const graph = graphBuilder();
  const edges = gpenNetwork({ graph, read, pattern }, config);
  const file = await open(path, "w");
  try {
    for (const piece of encodeModel(graph, edges, OPSET)) {
      await file.writeFile(piece instanceof Uint8Array ? piece : await elements(piece));
    }
  } finally {
    await file.close();
  }
}

/** Headers tell lengths before elements are read: one that is wrong would shift all that follows. */
async function elements({ name, shape, bytes, read }: Initializer): Promise<Uint8Array> {
  const found = await read();
  if (found.length === bytes) return found;
  throw new WeightsError(
    `onnx: "${name}" has ${found.length} bytes of elements, ${show(shape)} needs ${bytes}`,
  );
}
