import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { coldStart } from "../../bench/peers/cold_start";
import { hasPeers } from "../../bench/peers/install";
import { writeSafetensors } from "../../src/weights/write_safetensors";
import { openTestGpu } from "../gpu";
import { narrowGpen, writeRandom } from "./written";

// Peers are installed by the first run of the benchmark, not by npm ci.
describe.skipIf(!(await hasPeers()))("processes are started in turn", () => {
  it("each reports its first picture, and what it did before", async () => {
    await openTestGpu(); // skips where the processes would find no adapter
    const { path: model, checkpoint } = await writeRandom(narrowGpen(32), "lean");
    const weights = `${model}.safetensors`;
    await writeFile(weights, writeSafetensors(checkpoint.tensors, checkpoint.metadata, "F32"));
    const { ours, theirs } = await coldStart({ weights, model, provider: "cpu", runs: 2 });
    for (const { wallMs, phases } of [...ours, ...theirs]) {
      const told = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
      expect(told).toBeGreaterThan(0);
      // What a process tells does not hold the start of Node.
      expect(wallMs).toBeGreaterThan(told);
    }
    expect([ours.length, theirs.length]).toEqual([2, 2]);
  });

  it("a process that fails is quoted", async () => {
    const missing = { weights: "none.safetensors", model: "none.onnx", provider: "cpu" } as const;
    await expect(coldStart(missing)).rejects.toThrow(
      "cold_ours.mjs none.safetensors f32 ended with 1 before its first picture",
    );
  });
});
