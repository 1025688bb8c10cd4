import type { Gpu } from "../gpu/open";
import type { Choose, Technique } from "../graph/lower";
import { broadcast } from "./broadcast";

/** What the choice of a technique depends on. */
export type Traits = Pick<Gpu, "software" | "subgroupSize">;

/** An adapter of which nothing is known. */
export const NO_TRAITS: Traits = { software: false, subgroupSize: 0 };

/** Techniques that are taken on this adapter without tuning, the best first. */
export function techniques(traits: Traits): readonly Technique[] {
  return traits.software ? broadcasts(traits).slice(0, 1) : [];
}

/** All techniques that this adapter can run, those that are taken without tuning first. */
export function candidates(traits: Traits): readonly Technique[] {
  const untuned = techniques(traits);
  const names = new Set(untuned.map(({ name }) => name));
  return [...untuned, ...broadcasts(traits).filter(({ name }) => !names.has(name))];
}

/**
 * Accumulators are vec4s, loaded x loads x run of them. 16 are best on lavapipe although they spill
 * (1.2 to 1.5 times as fast as 8): the fewer loads count. Fewer leave room for more threads.
 */
function broadcasts({ subgroupSize }: Traits): Technique[] {
  if (subgroupSize < 4) return [];
  const loaded = subgroupSize >= 8 ? 2 : 1;
  return [
    broadcast({ lanes: subgroupSize, loaded, loads: 4 / loaded, run: 4 }),
    broadcast({ lanes: subgroupSize, loaded, loads: 4 / loaded, run: 2 }),
    broadcast({ lanes: subgroupSize, loaded, loads: 2 / loaded, run: 2 }),
  ];
}

/** The first technique that suits each call. */
export function chooseFor(traits: Traits): Choose {
  const all = techniques(traits);
  return (node) => all.find((technique) => technique.suits(node));
}
