import type { Picture } from "gpen-webgpu";
import type { OnStep, Timed } from "../engine";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A changed rectangle of the picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly pixels: Picture;
}

export interface Look {
  /** From 0, the photo, to 1, the network's faces. */
  readonly strength: number;
  readonly keepColour: boolean;
  /** Which faces are shown restored. */
  readonly faces: readonly number[];
}

/** A picture that the network has run on: what can be asked of it without running it again. */
export interface Restoration {
  /** What is shown as before where it is not the photo itself; its size is that of the result. */
  readonly before?: Picture;
  readonly faces: readonly {
    readonly box: Box;
    readonly aligned: Picture;
    readonly restored: Picture;
  }[];
  /** What changes in the picture, the same rectangles at every call; all else is as before. */
  regions(look: Look): Promise<readonly Region[]>;
  dispose(): void;
}

/** What work tells and is told: how far it is, whether to stop, where its time went. */
export interface Work {
  readonly onStep: OnStep;
  readonly signal: AbortSignal;
  readonly times: Timed[];
}
