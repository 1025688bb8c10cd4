import { IMAGE, IMAGE_F32, RGBA8, VECTOR } from "../kernels/layout";
import { outputRange } from "../kernels/output_range";
import { planesToRgba8 } from "../kernels/planes_to_rgba8";
import { rgba8ToPlanes } from "../kernels/rgba8_to_planes";
import { input, type Node, op } from "./node";

export interface EntryOptions {
  /** Pictures at a time. */
  readonly n: number;
  readonly inSize: number;
  readonly outSize: number;
  readonly normalise: boolean;
  /** Feed luminance instead of colour. */
  readonly grey: boolean;
}

/** Pixels (n, 4, h, w) of any size to `face`, which the network takes, and `photo`, which its output is blended with. */
export function entry(h: number, w: number, options: EntryOptions): { face: Node; photo: Node } {
  const { n, inSize, outSize, normalise, grey } = options;
  const pixels = input("pixels", [n, 4, h, w], RGBA8);
  const resized = (name: string, side: number) =>
    op(rgba8ToPlanes, name, { x: pixels }, { size: { h: side, w: side }, normalise, grey });
  const face = resized("face", inSize);
  return { face, photo: outSize === inSize ? face : resized("photo", outSize) };
}

/** The network's output to pixels, and its range, which tells a picture from an overflow. */
export function finish(
  n: number,
  outSize: number,
  normalise: boolean,
): { pixels: Node; range: Node } {
  const x = input("restored", [n, 3, outSize, outSize], IMAGE_F32);
  const photo = input("photo", [n, 3, outSize, outSize], IMAGE);
  const blend = input("blend", [2], VECTOR);
  return {
    pixels: op(planesToRgba8, "pixels", { x, photo, blend }, { normalise }),
    range: op(outputRange, "range", { x }, {}),
  };
}
