import { ShapeError } from "../errors";

/** What a published model was trained for; the networks are the same. */
export type Task = "restore" | "colorize" | "inpaint" | "seg2face";

export interface TaskTraits {
  /** Pictures enter as [-1, 1], or as [0, 1]. */
  readonly normalise: boolean;
  /** The network sees luminance only. */
  readonly grey: boolean;
  /** The result keeps the photo's own luminance; the network gives the colour. */
  readonly keepLuminance: boolean;
}

/** Source: GPEN face_colorization.py, face_inpainting.py, segmentation2face.py (is_norm=False). */
export const TASKS: Readonly<Record<Task, TaskTraits>> = {
  restore: { normalise: true, grey: false, keepLuminance: false },
  colorize: { normalise: true, grey: true, keepLuminance: true },
  inpaint: { normalise: true, grey: false, keepLuminance: false },
  seg2face: { normalise: false, grey: false, keepLuminance: false },
};

export function taskTraits(task: Task): TaskTraits {
  // TASKS[task] alone would find what every object has, such as "toString".
  if (!Object.hasOwn(TASKS, task)) {
    throw new ShapeError(`task: "${task}" must be one of ${Object.keys(TASKS).join(", ")}`);
  }
  return TASKS[task];
}
