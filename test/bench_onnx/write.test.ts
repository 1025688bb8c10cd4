import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { writeOnnx } from "../../bench/onnx/write";
import { FORMATS } from "../../src/importers/index";
import { bytesSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";
import { inferConfig } from "../../src/weights/infer_config";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { randomCheckpoint } from "../../src/weights/random";
import { expectClose } from "../compare";
import { narrowGpen, PATTERNS, writeRandom } from "./written";

const CASES = PATTERNS.flatMap((pattern) => [
  { pattern, side: 32, noise: "concat", why: "as published models are" } as const,
  {
    pattern,
    side: 64,
    noise: "concat",
    why: "a level whose channels differ from the one below",
  } as const,
  { pattern, side: 32, noise: "add", why: "the ablation that adds features" } as const,
  { pattern, side: 32, noise: "none", why: "the ablation without" } as const,
]);

const open = async (path: string) =>
  openCheckpoint(bytesSource(await readFile(path)), { formats: FORMATS });

/** Every tensor but FIR taps, which readers leave out; unused noise weights are read as 0. */
async function expectSame(found: Checkpoint, made: Checkpoint, noise: string): Promise<void> {
  const names = [...made.tensors.keys()].filter((name) => !name.endsWith(".kernel"));
  expect([...found.tensors.keys()].toSorted()).toEqual(names.toSorted());
  for (const name of names) {
    const tensor = found.tensors.get(name)!;
    expect(tensor.shape, name).toEqual(made.tensors.get(name)!.shape);
    if (noise === "none" && name.endsWith("noise.weight")) {
      expect([...(await tensor.read())], name).toEqual([0]);
      continue;
    }
    const values = await made.tensors.get(name)!.read();
    const want = values.map((value) => value * tensor.folded);
    // Two roundings to f32: of the scale, and of the product.
    expectClose(await tensor.read(), want, 2 ** -22, name);
  }
}

describe("a written file holds the parameters that it was made of", () => {
  it.each(CASES)("$pattern, $side px, noise $noise: $why", async ({ pattern, side, noise }) => {
    const config = narrowGpen(side, noise);
    const { path, checkpoint } = await writeRandom(config, pattern);
    const found = await open(path);
    expect(found.format).toBe("onnx");
    await expectSame(found, checkpoint, noise);
    const inferred = inferConfig(found);
    expect(inferred.kind).toBe("gpen");
    const { inSize, outSize, styleDim, nMlp } = config;
    expect(inferred.config).toMatchObject({ inSize, outSize, styleDim, nMlp, noise });
  });
});

describe("what cannot be compared is refused", () => {
  it("an output larger than the input: such files draw random noise", async () => {
    const config = { ...narrowGpen(32), outSize: 64 };
    const parameters = randomCheckpoint("gpen", config, 5);
    await expect(writeOnnx("never.onnx", parameters, config, "lean")).rejects.toThrow(
      "input 32 px and output 64 px must be equal",
    );
  });
  it("parameters of another configuration", async () => {
    const parameters = randomCheckpoint("gpen", narrowGpen(64), 5);
    await expect(writeOnnx("never.onnx", parameters, narrowGpen(32), "lean")).rejects.toThrow(
      "is left over",
    );
  });
});
