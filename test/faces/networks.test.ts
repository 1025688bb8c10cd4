import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blazeFace } from "../../src/faces/blaze_face";
import { LANDMARKS_SIDE, landmarks } from "../../src/faces/landmarks";
import { input, type Node } from "../../src/graph/node";
import { runReference } from "../../src/graph/reference";
import { IMAGE } from "../../src/kernels/layout";
import { bytesSource } from "../../src/weights/byte_source";
import { readSafetensors } from "../../src/weights/safetensors";
import { expectClose } from "../compare";
import { picture } from "./picture";
import { FACE_WEIGHTS } from "./weights";

/** Made by make_golden.py, which reads the published files by itself and runs their operators. */
const golden: Record<string, number[]> = JSON.parse(
  readFileSync(new URL("golden.json", import.meta.url), "utf8"),
);

/** Values of a network on the picture of integers, by the kernels' references. */
async function computed(side: number, describe: (picture: Node) => Record<string, Node>) {
  const { tensors } = await readSafetensors(bytesSource(readFileSync(FACE_WEIGHTS)));
  const outputs = describe(input("x", [1, 3, side, side], IMAGE));
  return runReference(outputs, { x: picture(side) }, async (name) => tensors.get(name)!.read());
}

test("BlazeFace gives the numbers of the published network, at another side than it was trained at", async () => {
  const got = await computed(32, blazeFace);
  for (const name of ["head8", "head16"]) expectClose(got[name], golden[name], 1e-5, name); // f32 sums through 33 layers
});

test("the landmarks are those of the published network, its weights rounded to f16", async () => {
  const { points } = await computed(LANDMARKS_SIDE, (x) => ({ points: landmarks(x) }));
  expectClose(points, golden.points, 2e-3, "points"); // 2e-3 of the side: 0.2 pixels of 112
});

test("every tensor of the file is read by one of the networks", async () => {
  const { tensors } = await readSafetensors(bytesSource(readFileSync(FACE_WEIGHTS)));
  const read = new Set<string>();
  const visit = (node: Node) => {
    if (node.kind === "weight" && node.plain) read.add(node.name);
    if (node.kind === "op") Object.values(node.inputs).forEach(visit);
  };
  const { head8, head16 } = blazeFace(input("x", [1, 3, 32, 32], IMAGE));
  for (const node of [head8, head16, landmarks(input("x", [1, 3, 112, 112], IMAGE))]) visit(node);
  expect([...tensors.keys()].sort()).toEqual([...read].sort());
});
