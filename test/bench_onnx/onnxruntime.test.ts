import { describe, expect, it } from "vitest";
import { hasPeers } from "../../bench/peers/install";
import { openPeer } from "../../bench/peers/onnxruntime";
import { gpen } from "../../src/graph/gpen";
import { runReference } from "../../src/graph/reference";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { narrowGpen, noisePicture, PATTERNS, writeRandom } from "./written";

// Peers are installed by the first run of the benchmark, not by npm ci.
describe.skipIf(!(await hasPeers()))(
  "onnxruntime's CPU provider computes what the references do",
  () => {
    const cases = PATTERNS.flatMap((pattern) => [
      { pattern, side: 32, noise: "concat" } as const,
      { pattern, side: 64, noise: "concat" } as const,
      { pattern, side: 32, noise: "add" } as const,
    ]);
    it.each(cases)("$pattern, $side px, noise $noise", async ({ pattern, side, noise }) => {
      const config = narrowGpen(side, noise);
      const { path, checkpoint } = await writeRandom(config, pattern);
      const input = noisePicture(side);
      const peer = await openPeer({ model: path, provider: "cpu" });
      const got = await peer.run(input);
      await peer.close();
      const read = await checkpointReader(checkpoint, "gpen", config);
      const { output } = await runReference({ output: gpen(config, 1).output }, { input }, read);
      // The engine's own parity gate; seen here: under 2e-6.
      expectClose(got, output, 1e-4, "output");
      expect(peer.name).toBe("onnxruntime CPU");
    });
  },
);
