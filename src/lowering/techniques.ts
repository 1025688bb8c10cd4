import type { Choose, Technique } from "../graph/lower";
import type { BroadcastTile } from "../kernels/conv_broadcast";
import type { Tile } from "../kernels/tile";
import { broadcast } from "./broadcast";
import { firstOf, forCards, type Traits } from "./choose";
import { tile } from "./tile";
import { winograd } from "./winograd";

/** Techniques that are taken on this adapter without tuning, the best first. */
export function techniques(traits: Traits): readonly Technique[] {
  if (!traits.software) return forCards();
  return traits.subgroupSize >= 4
    ? [winograd(shared(traits, 2, 1), FUSED), broadcast(shared(traits, 2, 4))]
    : [];
}

/** All techniques that this adapter can run, those that are taken without tuning first. */
export function candidates(traits: Traits): readonly Technique[] {
  const untuned = techniques(traits);
  const names = new Set(untuned.map(({ name }) => name));
  // Workgroup memory only costs where the CPU computes, and there each tile compiles for seconds.
  const others = traits.software ? [] : [tile(), tile(WIDE), tile(undefined, !SPLIT)];
  if (traits.subgroupSize >= 4) {
    others.push(
      broadcast(shared(traits, 2, 4)),
      broadcast(shared(traits, 2, 2)),
      broadcast(shared(traits, 1, 2)),
      winograd(shared(traits, 2, 2), !FUSED),
      winograd(shared(traits, 2, 4), !FUSED),
    );
  }
  return [...untuned, ...others.filter(({ name }) => !names.has(name))];
}

/** 64 accumulators: fewer reads of workgroup memory per multiply-add, fewer threads at a time. */
const WIDE: Tile = { columns: 8, runs: 2, run: 4, quads: 2 };
const SPLIT = true;

/** Whether Winograd's products stay in registers and on the stack, where a store is slow. */
const FUSED = true;

/**
 * Accumulators are vec4s, 2 pairs x run of them. 16 are best on lavapipe although they spill (1.2 to
 * 1.5 times as fast as 8): the fewer loads count. Fewer leave room for more threads.
 */
function shared({ subgroupSize }: Traits, pairs: number, run: number): BroadcastTile {
  const loaded = subgroupSize >= 8 ? 2 : 1;
  return { lanes: subgroupSize, loaded, loads: (2 * pairs) / loaded, run };
}

/** What a network is computed by on this adapter without tuning. */
export function chooseFor(traits: Traits): Choose {
  return firstOf(techniques(traits));
}
