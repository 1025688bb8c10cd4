import type { Gpu } from "../gpu/open";
import type { Choose, Technique } from "../graph/lower";
import { broadcast } from "./broadcast";

/** What the choice of a technique depends on. */
export type Traits = Pick<Gpu, "software" | "subgroupSize">;

/** An adapter of which nothing is known. */
export const NO_TRAITS: Traits = { software: false, subgroupSize: 0 };

/** Techniques for this adapter, the one that is taken without tuning first. */
export function techniques({ software, subgroupSize }: Traits): readonly Technique[] {
  const loaded = subgroupSize >= 8 ? 2 : 1;
  const broadcasts =
    subgroupSize >= 4 ? [broadcast({ loaded, loads: 4 / loaded, run: 2 } as const)] : [];
  return software ? broadcasts : [];
}

/** The first technique that suits each call. */
export function chooseFor(traits: Traits): Choose {
  const all = techniques(traits);
  return (node) => all.find((technique) => technique.suits(node));
}
