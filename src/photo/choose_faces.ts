import { ShapeError } from "../errors";
import type { Face } from "./face";

/** Which of the faces that were found are restored: all, the largest, or the N largest. */
export type Only = "all" | "largest" | number;

/** The chosen faces in the order in which they came. Throws ShapeError if `only` is none of these. */
export function chooseFaces(faces: readonly Face[], only: Only = "all"): readonly Face[] {
  if (only === "all") return faces;
  const count = only === "largest" ? 1 : only;
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new ShapeError(
      `restorePhoto: only ${only} must be "all", "largest" or a whole number from 1 on`,
    );
  }
  const area = ({ box }: Face) => box.width * box.height;
  const largest = new Set([...faces].sort((a, b) => area(b) - area(a)).slice(0, count));
  return faces.filter((face) => largest.has(face));
}
