import type { Executable } from "../gpu/prepare";
import { writeInput } from "../graph/run_alone";
import { gaussian } from "../random";
import { numel } from "../tensor";

/** Far apart, so that neighbouring seeds share no noise map: there are at most 17 of them. */
const SEED_STEP = 7919;

/** Fills the inputs PREFIX0, PREFIX1, ... with Gaussian noise, each its own, all from one seed. */
export function writeGaussianNoise(executable: Executable, prefix: string, seed: number): void {
  const { inputs, tensors } = executable.program;
  for (const [name, index] of Object.entries(inputs)) {
    if (!name.startsWith(prefix)) continue;
    const normal = gaussian((seed + 1) * SEED_STEP + Number(name.slice(prefix.length)));
    writeInput(
      executable,
      name,
      Float32Array.from({ length: numel(tensors[index].shape) }, normal),
    );
  }
}
