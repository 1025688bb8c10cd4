import type { Gpu } from "../gpu/open";
import { type Executable, prepare } from "../gpu/prepare";
import { recovering } from "../gpu/recover";
import { compile } from "../graph/compile";
import { input, type Node, op, type ReadParameter } from "../graph/node";
import { submit } from "../graph/run";
import { readOutput, writeBytes } from "../graph/run_alone";
import { RGBA8 } from "../kernels/layout";
import { rgba8ToPlanes } from "../kernels/rgba8_to_planes";
import { inTurn } from "../restore/in_turn";
import { newPrograms } from "../restore/programs";
import type { Size } from "../tensor";

/** A network on pictures of one size, several at a time. */
export interface Network extends Size {
  readonly batch: number;
  /** Outputs of a batch of pictures, (batch, height, width) of one u32 per pixel. */
  run(pixels: Uint32Array, signal?: AbortSignal): Promise<Record<string, Float32Array>>;
  dispose(): void;
}

type Describe = (picture: Node) => Readonly<Record<string, Node>>;

/** The network that `describe` makes of pictures in [-1, 1]; always in f32, where it is small. */
export function network(
  gpu: Gpu,
  read: ReadParameter,
  batch: number,
  size: Size,
  describe: Describe,
): Network {
  const pixels = input("pixels", [batch, 4, size.height, size.width], RGBA8);
  const picture = op(
    rgba8ToPlanes,
    "picture",
    { x: pixels },
    { size: { h: size.height, w: size.width }, normalise: true, grey: false },
  );
  const outputs = describe(picture);
  const programs = newPrograms(gpu);
  const make = async () => prepare(gpu, await compile(outputs, { limits: gpu.limits }), read);
  return {
    ...size,
    batch,
    run: (pixels, signal) =>
      inTurn(
        gpu,
        () =>
          recovering(gpu, async () => {
            signal?.throwIfAborted();
            const executable = await programs.get("network", "", make);
            writeBytes(executable, "pixels", new Uint8Array(pixels.buffer));
            await submit([executable], [], { signal });
            return readAll(executable);
          }),
        signal,
      ),
    dispose: programs.dispose,
  };
}

async function readAll(executable: Executable): Promise<Record<string, Float32Array>> {
  const values: Record<string, Float32Array> = {};
  for (const name of Object.keys(executable.program.outputs))
    values[name] = await readOutput(executable, name);
  return values;
}
