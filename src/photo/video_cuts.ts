import type { Pixels } from "../restore/pixels";

/** Pixels that are looked at, spread over the frame. */
const SAMPLES = 4096;
/** Levels of red, green and blue that colours are counted in. */
const LEVELS = 4;
/** Part of the pixels that must change colour; people who move, or a hand at the lens, change less. */
const CUT = 0.5;

/**
 * Tells the first frame of another scene from the next one of the same: half of its colours are
 * others, wherever in the frame they lie.
 *
 * Source    Zhang, Kankanhalli, Smoliar: Automatic partitioning of full-motion video, Multimedia
 *           Systems 1, 1993: histogram comparison
 */
export function sceneCuts(): (frame: Pixels) => boolean {
  let last: Float64Array | undefined;
  return (frame) => {
    const colours = histogram(frame);
    const before = last;
    last = colours;
    if (!before) return false;
    const moved = colours.reduce((sum, part, i) => sum + Math.abs(part - before[i]), 0) / 2;
    return moved > CUT;
  };
}

/** The part of the pixels that each colour has. */
function histogram({ data, width, height }: Pixels): Float64Array {
  const counts = new Float64Array(LEVELS ** 3);
  const count = Math.min(SAMPLES, width * height);
  for (let i = 0; i < count; i++) {
    const at = 4 * Math.floor(((i + 0.5) * width * height) / count);
    const [r, g, b] = [data[at], data[at + 1], data[at + 2]].map((v) => (v * LEVELS) >> 8);
    counts[(r * LEVELS + g) * LEVELS + b] += 1 / count;
  }
  return counts;
}
