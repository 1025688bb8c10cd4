import type { Gpu } from "../gpu/open";
import type { Choose, Technique } from "../graph/lower";
import { tile } from "./tile";

/** What the choice of a technique depends on. */
export type Traits = Pick<Gpu, "software" | "subgroupSize">;

/** An adapter of which nothing is known. */
export const NO_TRAITS: Traits = { software: false, subgroupSize: 0 };

/** Techniques that graphics cards take without tuning. */
export function forCards(): readonly Technique[] {
  return [tile()];
}

/** The first technique that suits each call. */
export function firstOf(techniques: readonly Technique[]): Choose {
  return (node) => techniques.find((technique) => technique.suits(node));
}

/** As chooseFor, which it loads only where the CPU computes: its techniques are many kernels. */
export async function loadChoice(traits: Traits): Promise<Choose> {
  return traits.software ? (await import("./techniques")).chooseFor(traits) : firstOf(forCards());
}
