import { expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/open";
import { prepare } from "../../src/gpu/prepare";
import { type CompileOptions, compile } from "../../src/graph/compile";
import { gpen } from "../../src/graph/gpen";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import type { Technique } from "../../src/graph/lower";
import { run } from "../../src/graph/run_alone";
import { winograd } from "../../src/lowering/winograd";
import { gaussian } from "../../src/random";
import type { GpenConfig } from "../../src/weights/config";
import { checkpointReader } from "../../src/weights/gpen";
import { randomCheckpoint } from "../../src/weights/random";
import { expectClose } from "../compare";
import { openTestGpu } from "../gpu";
import { expectSameBits } from "../kernels/check_kernel";

/** Two layers with tiles enough: 32 px with 32 channels, 64 px with 16. */
const config: GpenConfig = {
  inSize: 64,
  outSize: 64,
  channelMultiplier: 1,
  narrow: 0.0625,
  styleDim: 64,
  nMlp: 2,
  noise: "concat",
  normalise: true,
};

function technique({ subgroupSize }: Gpu, fused: boolean): Technique {
  const loaded = subgroupSize >= 8 ? 2 : 1;
  return winograd({ lanes: subgroupSize, loaded, loads: 2, run: 2 }, fused);
}

/** The restored picture, and the kernels that made it. */
async function restored(gpu: Gpu, options: CompileOptions) {
  const read = await checkpointReader(randomCheckpoint("gpen", config, 1), "gpen", config);
  const program = await compile({ output: gpen(config, 2).output }, options);
  const executable = await prepare(gpu, program, read);
  const random = gaussian(2);
  const input = Float32Array.from({ length: 2 * 3 * 64 * 64 }, () => random() / 3);
  try {
    const { output } = await run(executable, { input });
    return { output, program };
  } finally {
    executable.dispose();
  }
}

test.each([true, false])("a network with its tiles transformed, fused: %s", async (fused) => {
  const gpu = await openTestGpu({ features: ["subgroups"] });
  const each = technique(gpu, fused);
  const choose = (node: Parameters<Technique["suits"]>[0]) => (each.suits(node) ? each : undefined);
  const plain = await restored(gpu, {});
  const lowered = await restored(gpu, { choose });
  const kernels = lowered.program.steps.map(({ kernel }) => kernel.name);
  expect(kernels.filter((name) => name === "winograd_input").length).toBe(3); // 16, 32 and 64 px
  // Of sums of up to 32 channels, whose transformed inputs are up to 20 times as large.
  expectClose(lowered.output, plain.output, 1e-5, "output");
  // Patches of 64 px take 147,456 bytes in f32 and exist band by band then.
  const limits = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 320 * 1024 };
  const banded = await restored(gpu, { choose, limits });
  expect(
    banded.program.tensors.some(({ scratch, name }) => scratch && name.endsWith(".patches")),
  ).toBe(true);
  expectSameBits(banded.output, lowered.output, "in strips");
});
