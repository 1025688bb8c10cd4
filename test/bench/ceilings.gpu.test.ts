import { expect, test } from "vitest";
import { copyNode, fmaNode, matmulNode } from "../../bench/ceilings";
import { CEILING_REFERENCES, matmul, matmulDirect } from "../../bench/ceilings/kernels";
import { checkLayer } from "../../bench/check";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import type { OpNode, ReadParameter } from "../../src/graph/node";
import { openTestGpu } from "../gpu";

const read: ReadParameter = async (name) => {
  throw new Error(`${name} is no parameter`);
};

test.each<[string, OpNode]>([
  ["multiply-adds in two chains", fmaNode(128, 2, 2)],
  ["multiply-adds in eight chains", fmaNode(128, 1, 8)],
  ["a tiled product of two tiles a side", matmulNode(matmul, 128)],
  ["a product in registers", matmulNode(matmulDirect, 256)],
  ["a copy, one vec4 each", copyNode(256, 1)],
  ["a copy, four vec4s each", copyNode(512, 4)],
])("a ceiling's kernel computes what it says: %s", async (why, node) => {
  const gpu = await openTestGpu();
  const executable = await prepare(gpu, await compile({ y: node }), read);
  const layer = { node, read, model: "ceiling", names: [why], shape: "" };
  const { error, fault } = await checkLayer(
    layer,
    executable,
    CEILING_REFERENCES[node.kernel.name],
  );
  executable.dispose();
  expect(fault).toBeUndefined();
  // whole numbers and a recurrence that converges: only the fma's last bits may differ
  expect(error).toBeLessThan(1e-6);
});
