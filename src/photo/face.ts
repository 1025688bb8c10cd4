import type { Pixels } from "../restore/pixels";

/** In pixels of the picture; the centre of its top-left pixel is (0, 0), as in OpenCV. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The five points that faces are aligned by; "left" is what lies left in the picture. */
export interface FacePoints {
  readonly leftEye: Point;
  readonly rightEye: Point;
  readonly nose: Point;
  readonly mouthLeft: Point;
  readonly mouthRight: Point;
}

/** A face in a picture: where it is, and the points that it is aligned by. */
export interface Face {
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly points: FacePoints;
  /** How sure the detector is, from 0 to 1. */
  readonly score: number;
}

/** What a detector hears of while it looks. */
export interface DetectOptions {
  readonly signal?: AbortSignal;
  /** How much of the photo has been looked at; a detector need not call it. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** Finds faces; any detector that gives a box and five points per face can stand here. */
export interface FaceDetector {
  detect(photo: Pixels, options?: DetectOptions): Promise<readonly Face[]>;
  dispose(): void;
}
