import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { bytesSource } from "../../src/weights/byte_source";
import { openProtobuf } from "../../src/weights/protobuf";
import { narrowGpen, writeRandom } from "./written";

const GRAPH = 7;
const NODE = 1;
const OP_TYPE = 4;

/** How many nodes of each operation a file has. */
async function operations(path: string): Promise<Record<string, number>> {
  const file = openProtobuf(bytesSource(await readFile(path)), "onnx");
  const model = await file.fields(0, file.size);
  const graph = model.find(({ number }) => number === GRAPH)!;
  const counts: Record<string, number> = {};
  for (const field of await file.fields(graph.offset, graph.length)) {
    if (field.number !== NODE) continue;
    const node = await file.fields(field.offset, field.length);
    const op = await file.text(node.find(({ number }) => number === OP_TYPE)!);
    counts[op] = (counts[op] ?? 0) + 1;
  }
  return counts;
}

/**
 * What onnxruntime 1.30 keeps of torch.onnx exports of a GPEN of 32 px with two mapping layers, after
 * its basic optimisations: counted in the graph that it saves. Two things differ: it folds one Expand
 * and 3 of the Adds before, and zeros between pixels are a ScatterND there, a Pad here.
 */
const SHARED = {
  Concat: 7,
  ConvTranspose: 3,
  Div: 8,
  Expand: 2,
  Flatten: 1,
  Gather: 8,
  LeakyRelu: 14,
  Pad: 12,
  Pow: 7,
  ReduceMean: 1,
  ReduceSum: 7,
  Sqrt: 8,
  Transpose: 3,
  Unsqueeze: 1,
};

it("published: operations and their numbers are those of an export", async () => {
  const { path } = await writeRandom(narrowGpen(32), "published");
  const own = { Add: 29, Conv: 21, Gemm: 11, MatMul: 3, Mul: 41, Reshape: 75 };
  expect(await operations(path)).toEqual({ ...SHARED, ...own });
});

it("lean: nine filters of 8 slices instead of 9 convolutions and 18 reshapes", async () => {
  const { path } = await writeRandom(narrowGpen(32), "lean");
  const own = { Add: 80, Conv: 12, Gemm: 14, Mul: 113, Reshape: 57, Slice: 72 };
  expect(await operations(path)).toEqual({ ...SHARED, ...own });
});
