import { readFileSync } from "node:fs";
import type { Pixels } from "../../src/index";
import { uniform } from "../../src/random";
import type { GpenConfig } from "../../src/weights/config";
import { randomCheckpoint } from "../../src/weights/random";
import { writeSafetensors } from "../../src/weights/write_safetensors";

/** The embedded model, where a picture of a face is wanted. */
export const TINY = readFileSync(
  new URL("../../models/gpen-tiny-128.safetensors", import.meta.url),
);

/** The smallest network that has every part: 32 px, 16 channels and fewer. */
export const SMALL: GpenConfig = {
  inSize: 32,
  outSize: 32,
  styleDim: 32,
  nMlp: 2,
  channelMultiplier: 1,
  narrow: 1 / 32,
  noise: "concat",
  normalise: true,
};

/** What a test changes of random weights, tensor by tensor. */
export type Change = (name: string, values: Float32Array) => Float32Array;

/**
 * A random model as a safetensors file. RGB weights are small, so that pictures stay within the
 * levels: clipped ones would agree whatever the network does.
 */
export async function smallModel(
  change: Change = (_, values) => values,
  config: GpenConfig = SMALL,
): Promise<Uint8Array<ArrayBuffer>> {
  const { tensors, metadata } = randomCheckpoint("gpen", config, 5);
  const changed = new Map(
    [...tensors].map(([name, tensor]) => {
      const dim = /to_rgb.*\.conv\.weight/.test(name) ? 0.05 : 1;
      const read = async () =>
        change(
          name,
          (await tensor.read()).map((v) => dim * v),
        );
      return [name, { ...tensor, read }];
    }),
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(changed, metadata, "F32")) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Random pixels, alpha included. */
export function photo(width: number, height: number, seed = 1): Pixels {
  const next = uniform(seed);
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, () => 256 * next());
  return { data, width, height };
}

/** Counts the buffers that a device has made and not destroyed, from now on. */
export function countBuffers(device: GPUDevice): { live(): number; made(): number } {
  let made = 0;
  let destroyed = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    made++;
    const destroy = buffer.destroy.bind(buffer);
    let live = true;
    buffer.destroy = () => {
      if (live) destroyed++;
      live = false;
      return destroy();
    };
    return buffer;
  };
  return { live: () => made - destroyed, made: () => made };
}

/** Fails with the first pixel whose red, green or blue is further apart than `levels`. */
export function expectLevels(got: Pixels, want: ArrayLike<number>, levels: number): void {
  const { data, width, height } = got;
  if (data.length !== want.length || data.length !== 4 * width * height)
    throw new Error(`${data.length} bytes, ${want.length} were expected`);
  for (let i = 0; i < data.length; i++) {
    if (!(Math.abs(data[i] - want[i]) <= levels))
      throw new Error(`byte ${i}: got ${data[i]}, want ${want[i]}, allowed ${levels} levels`);
  }
}
