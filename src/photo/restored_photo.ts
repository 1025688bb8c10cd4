import { ShapeError } from "../errors";
import type { Gpu } from "../gpu/open";
import type { Picture, Pixels } from "../restore/pixels";
import type { Face } from "./face";
import { maskEllipse } from "./mask";
import { type ChangedRegion, pasteRegion, withRegions } from "./paste_regions";
import { planRegions, type Region } from "./regions";
import type { TemplateName } from "./templates";
import { compose, resizing, type Transform } from "./transform";

/** A face of the photo before and after, and where it belongs. */
export interface RestoredFace {
  readonly face: Face;
  /** What went into the network: inSize x inSize. */
  readonly aligned: Picture;
  /** What came out: outSize x outSize. */
  readonly restored: Picture;
  /** Pixels of `restored` to pixels of the photo. */
  readonly toPhoto: Transform;
  /** Why it was computed a second time, in f32; undefined if it was not. */
  readonly rerun?: string;
}

/** How restored faces are shown; the network does not run again for any of it. */
export interface RenderOptions {
  /** From 0, the photo as it is, to 1, the restored faces (default). */
  readonly strength?: number;
  /** Take the luminance from the network and the colour from the photo; false by default. */
  readonly keepColour?: boolean;
  /** Indices of the faces to show; all by default. */
  readonly faces?: readonly number[];
  readonly signal?: AbortSignal;
}

/** A photo whose faces were restored once, to be shown in many ways. */
export interface RestoredPhoto {
  /** Of what render() gives: the photo's, or the background's if there is one. */
  readonly width: number;
  readonly height: number;
  /** Empty where the photo has no face. */
  readonly faces: readonly RestoredFace[];
  /** Milliseconds of each phase: detect, align, restore. */
  readonly timings: readonly { readonly name: string; readonly ms: number }[];
  /** The photo with its faces pasted in. What no mask reaches stays as it is, bit for bit. */
  render(options?: RenderOptions): Promise<Picture>;
  /** The same, but only the rectangles that faces lie in; they are the same ones at every call. */
  regions(options?: RenderOptions): Promise<readonly ChangedRegion[]>;
  /** Forgets the pixels. */
  dispose(): void;
}

/** Faces and the picture that they are pasted into, which has another size if it is a background. */
export function restoredPhoto(
  gpu: Gpu,
  faces: readonly RestoredFace[],
  template: TemplateName,
  timings: RestoredPhoto["timings"],
  photo: Pixels,
  background: Pixels,
): RestoredPhoto {
  const { width, height } = background;
  let base: Pixels | undefined = background;
  let planned: readonly Region[] | undefined;
  const toBackground = resizing(width / photo.width, height / photo.height);
  const plan = () =>
    planRegions(
      faces.map(({ restored, toPhoto }) => ({
        pixels: restored,
        toPhoto: compose(toBackground, toPhoto),
        mask: maskEllipse(template, restored.width),
      })),
      background,
    );
  const paste = async (options: RenderOptions) => {
    if (!base) throw new ShapeError("restorePhoto: the photo was disposed of; restore it again");
    const pixels = base;
    planned ??= plan();
    const blend = blendOf(options, faces.length);
    const changed: ChangedRegion[] = [];
    for (const region of planned)
      changed.push(await pasteRegion(gpu, pixels, region, blend, options.signal));
    return { pixels, changed };
  };
  return {
    width,
    height,
    faces,
    timings,
    async render(options = {}) {
      const { pixels, changed } = await paste(options);
      return withRegions(pixels, changed);
    },
    async regions(options = {}) {
      return (await paste(options)).changed;
    },
    dispose() {
      base = undefined;
      planned = [];
    },
  };
}

function blendOf({ strength = 1, keepColour = false, faces }: RenderOptions, count: number) {
  // null and "" compare as 0 does: the photo would come out unchanged
  if (!(typeof strength === "number" && strength >= 0 && strength <= 1)) {
    const given = typeof strength === "string" ? `"${strength}"` : strength;
    throw new ShapeError(
      `restorePhoto: strength ${given} must be a number from 0 (the photo) to 1 (the restored faces)`,
    );
  }
  const unknown = faces?.find((face) => !(Number.isInteger(face) && face >= 0 && face < count));
  if (unknown !== undefined) {
    throw new ShapeError(
      `restorePhoto: there is no face ${unknown}; the photo has ${count}, counted from 0`,
    );
  }
  const shown = faces && new Set(faces);
  return { strength, keepColour, shows: (face: number) => shown?.has(face) ?? true };
}
