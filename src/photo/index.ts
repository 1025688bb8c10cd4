/** Whole photos: faces found, aligned, restored and pasted back. */
export type { Face, FaceDetector, FacePoints, Point } from "./face";
