import { describe, expect, it, onTestFinished } from "vitest";
import { hasPeers } from "../../bench/peers/install";
import { openPeer } from "../../bench/peers/onnxruntime";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { run } from "../../src/graph/run_alone";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";
import { narrowGpen, noisePicture, PATTERNS, writeRandom } from "./written";

const SIDE = 32;

// Peers are installed by the first run of the benchmark, not by npm ci.
describe.skipIf(!(await hasPeers()))("onnxruntime's WebGPU provider beside the engine", () => {
  it.each(PATTERNS)("%s: both give one picture, twice, in one process", async (pattern) => {
    const gpu = await openTestGpu();
    const config = narrowGpen(SIDE);
    const { path, checkpoint } = await writeRandom(config, pattern);
    const read = await checkpointReader(checkpoint, "gpen", config);
    const executable = await prepare(gpu, await compile({ output: gpen(config, 1).output }), read);
    onTestFinished(() => executable.dispose());
    const peer = await openPeer({ model: path, provider: "webgpu" });
    onTestFinished(() => peer.close());
    const input = noisePicture(SIDE);
    for (let i = 0; i < 2; i++) {
      const { output } = await run(executable, { input });
      // The engine's own parity gate.
      expectClose(await peer.run(input), output, 1e-4, "output");
    }
    expect(peer.name).toBe("onnxruntime WebGPU");
  });
});
