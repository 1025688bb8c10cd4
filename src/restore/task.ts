import { ShapeError } from "../errors";

/** What a published model was trained for; the networks are the same. */
export type Task = "restore" | "colorize" | "inpaint" | "seg2face";

export const TASKS: readonly Task[] = ["restore", "colorize", "inpaint", "seg2face"];

export interface TaskTraits {
  /** Pictures enter as [-1, 1], or as [0, 1]. */
  readonly normalise: boolean;
  /** The network sees luminance only, and gives the colour: the result keeps the photo's own luminance. */
  readonly grey: boolean;
}

/** Source: GPEN face_colorization.py, face_inpainting.py, segmentation2face.py (is_norm=False). */
export function taskTraits(task: Task): TaskTraits {
  if (!TASKS.includes(task)) {
    throw new ShapeError(`task: "${task}" must be one of ${TASKS.join(", ")}`);
  }
  return { normalise: task !== "seg2face", grey: task === "colorize" };
}
