import type { Gpu } from "../gpu/open";
import { broadcast } from "./broadcast";
import type { Choose, Technique } from "./lower";

/** What the choice of a technique depends on. */
export type Traits = Pick<Gpu, "software" | "subgroupSize">;

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
