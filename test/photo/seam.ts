import { expect } from "vitest";
import { maskEllipse } from "../../src/photo/mask";
import type { TemplateName } from "../../src/photo/templates";
import { apply, inverse, type Transform } from "../../src/photo/transform";
import { luminance } from "../../src/references/luminance";
import type { Pixels } from "../../src/restore/pixels";

/** The mask of a face over a photo, from 0 to 1, and how far out each pixel lies: 1 at the edge. */
export function maskOf(
  { width, height }: Pixels,
  toPhoto: Transform,
  side: number,
  template: TemplateName = "ffhq",
): { mask: Float64Array; radius: Float64Array } {
  const { x, y, radiusX, radiusY } = maskEllipse(template, side);
  const toFace = inverse(toPhoto);
  const radius = Float64Array.from({ length: width * height }, (_, i) => {
    const point = apply(toFace, { x: i % width, y: Math.floor(i / width) });
    return Math.hypot((point.x - x) / radiusX, (point.y - y) / radiusY);
  });
  const mask = radius.map((r) => {
    const t = Math.min(1, Math.max(0, (1 - r) / 0.3));
    return t * t * (3 - 2 * t);
  });
  return { mask, radius };
}

/** Fails unless every byte of every pixel without a mask is the photo's. Gives how many changed. */
export function expectUntouched(result: Pixels, photo: Pixels, mask: Float64Array): number {
  let changed = 0;
  for (let i = 0; i < mask.length; i++) {
    const same = [0, 1, 2, 3].every((c) => result.data[4 * i + c] === photo.data[4 * i + c]);
    if (same) continue;
    changed++;
    if (mask[i] === 0) expect.fail(`pixel ${i % photo.width}, ${Math.floor(i / photo.width)}`);
  }
  return changed;
}

/** The luminance's gradient, in levels per pixel, of each inner pixel that `within` accepts. */
function gradients({ data, width, height }: Pixels, within: (i: number) => boolean): number[] {
  const level = (i: number) => luminance([...data.subarray(4 * i, 4 * i + 3)]);
  const found: number[] = [];
  for (let i = width; i < width * (height - 1); i++) {
    if (i % width === 0 || i % width === width - 1 || !within(i)) continue;
    found.push(Math.hypot(level(i + 1) - level(i - 1), level(i + width) - level(i - width)) / 2);
  }
  return found.sort((a, b) => a - b);
}

export interface Seam {
  /** Pixels where the mask falls. */
  readonly pixels: number;
  /** Largest gradient there over the original's own largest; likewise what 99 % stay below. */
  readonly largest: number;
  readonly most: number;
  /** Largest step of the mean change of a channel from one ring, a pixel wide, to the next, in levels. */
  readonly step: number;
}

/**
 * What would be seen of a seam, from this radius of the mask outwards. Along a visible one the picture has edges that the original has not:
 * gradients above the range of the original's own at the same place; or its colour jumps: the change
 * that pasting made, averaged over rings around the face, has a step.
 */
export function seamOf(
  result: Pixels,
  photo: Pixels,
  { mask, radius }: { mask: Float64Array; radius: Float64Array },
  ringsPerRadius: number,
  from = 0.65,
): Seam {
  const falling = (i: number) => radius[i] > from && radius[i] < 1.05;
  const [after, before] = [gradients(result, falling), gradients(photo, falling)];
  const part = (of: readonly number[], share: number) => of[Math.floor(share * (of.length - 1))];
  const rings: { count: number; sums: number[] }[] = [];
  for (let i = 0; i < mask.length; i++) {
    if (!falling(i)) continue;
    rings[Math.floor(radius[i] * ringsPerRadius)] ??= { count: 0, sums: [0, 0, 0] };
    const ring = rings[Math.floor(radius[i] * ringsPerRadius)];
    ring.count++;
    for (let c = 0; c < 3; c++) ring.sums[c] += result.data[4 * i + c] - photo.data[4 * i + c];
  }
  const means = rings.filter(Boolean).map(({ count, sums }) => sums.map((sum) => sum / count));
  const steps = means.slice(1).flatMap((mean, i) => mean.map((v, c) => Math.abs(v - means[i][c])));
  return {
    pixels: after.length,
    largest: part(after, 1) / part(before, 1),
    most: part(after, 0.99) / part(before, 0.99),
    step: Math.max(...steps),
  };
}
