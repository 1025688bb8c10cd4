import { expect, test } from "vitest";
import { measureInBrowser } from "../../bench/browser";
import { openPageModel } from "../../bench/page/models";
import { hasPeers } from "../../bench/peers/install";
import { findChromium } from "../../scripts/chromium";
import { prepare } from "../../src/gpu/prepare";
import { compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { run } from "../../src/graph/run_alone";
import { checkpointReader } from "../../src/weights/gpen";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";

/** Onnxruntime-web takes 20 s for its first tiny picture in SwiftShader on two cores. */
const LIMIT_MS = 240_000;

function chromiumHere(skip: (reason: string) => never): string {
  try {
    return findChromium();
  } catch (error) {
    if (process.env.REQUIRE_GPU === "1") throw error;
    return skip((error as Error).message);
  }
}

test(
  "the page in Chromium, its Run pressed, makes the picture that Node makes and times it",
  async ({ skip }) => {
    const chromium = chromiumHere(skip);
    const gpu = await openTestGpu();
    const peers = await hasPeers();
    const { result, refused, outputs } = await measureInBrowser({
      models: [{ choice: "random-32", runs: 3 }],
      patterns: peers ? ["lean"] : [],
      ceilings: false,
      install: false,
      chromium,
      limitMs: LIMIT_MS,
    });

    expect(refused).toEqual([]);
    // 1e-4 is the parity gate of a whole network in f32
    expectClose(outputs["random-32 f32"], await inNode(gpu), 1e-4, "the browser's output");
    expect(result.environment).toMatchObject({ adapter: "SwiftShader (software)", software: true });
    expect(result.environment.runtime).toMatch(/^\w+ \d+\.\d+/);
    expect(result.models.map(({ model }) => model)).toEqual(["random-32"]);
    for (const ms of Object.values(result.models[0].phases)) expect(ms).toBeGreaterThan(0);
    const rows = result.peers.map(({ phase, ours }) => [phase, ours.samples]);
    expect(rows).toEqual(
      peers
        ? [
            ["first", 1],
            ["warm", 3],
          ]
        : [],
    );
  },
  LIMIT_MS,
);

test("what the page cannot do, and a limit that passes, are sentences", async ({ skip }) => {
  const chromium = chromiumHere(skip);
  const wrong = { choice: "random-16", runs: 1 } as never;
  const options = { patterns: [], ceilings: false, install: false, chromium };
  await expect(measureInBrowser({ ...options, models: [wrong] })).rejects.toThrow(
    'page: there is no model "random-16"; use tiny, 256',
  );
  const models = [{ choice: "256", runs: 50 }] as const;
  await expect(measureInBrowser({ ...options, models, limitMs: 6000 })).rejects.toThrow(
    /^browser: the page was not done after 0\.1 minutes, it was at ".+"; allow more time/,
  );
});

type Gpu = Awaited<ReturnType<typeof openTestGpu>>;

/** The same weights and input, with the readable kernels on the adapter that Node finds. */
async function inNode(gpu: Gpu): Promise<Float32Array> {
  const { config, checkpoint, input } = await openPageModel(
    "random-32",
    new AbortController().signal,
  );
  const read = await checkpointReader(checkpoint, "gpen", config);
  const program = await compile({ output: gpen(config, 1).output }, { limits: gpu.limits });
  const executable = await prepare(gpu, program, read);
  try {
    return (await run(executable, { input })).output;
  } finally {
    executable.dispose();
  }
}
