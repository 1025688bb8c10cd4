import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { recovering } from "../gpu/recover";
import { compile } from "../graph/compile";
import type { Node } from "../graph/node";
import { readBytes, submit } from "../graph/run";
import { inTurn } from "../restore/in_turn";

/**
 * Makes the program of `y`, runs it on the inputs that `fill` writes, and frees it: nothing stays on
 * the GPU, however large the photo was. Pipelines do stay. Gives the bytes of y.
 */
export function runOnce(
  gpu: Gpu,
  y: Node,
  fill: (executable: Executable) => void,
  signal?: AbortSignal,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  return inTurn(
    gpu,
    () =>
      recovering(gpu, async () => {
        signal?.throwIfAborted();
        const program = await compile({ y }, { limits: gpu.limits });
        const executable = await prepare(gpu, program, noParameters, { signal });
        try {
          fill(executable);
          await submit([executable], [], { signal });
          return new Uint8ClampedArray(await readBytes(executable, program.outputs.y));
        } finally {
          executable.dispose();
        }
      }),
    signal,
  );
}

async function noParameters(name: string): Promise<never> {
  throw new TypeError(`photo: ${name} was asked for, but these programs have no parameters`);
}
