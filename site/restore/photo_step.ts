import type { OnStep } from "../engine";

type Phase = "detect" | "align" | "restore";

const LOOKING = "Looking for faces";

/** The page's words for how far restorePhoto is. The last face aligned is the first to be restored. */
export function photoStep(phase: Phase, done: number, of: number): Parameters<OnStep> {
  // tiles, of which nobody has to know; one is all that is known where they are not counted
  if (phase === "detect") return of > 1 ? [LOOKING, done / of, 1] : [LOOKING];
  if (phase === "align" && done < of) return ["Cutting out face", done, of];
  const share = phase === "restore" ? done : 0;
  if (of > 1) return ["Restoring face", share, of];
  // a bar that stays empty would seem to be stuck
  return share > 0 ? ["Restoring the face", share, 1] : ["Restoring the face"];
}
