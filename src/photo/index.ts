/**
 * Whole photos and videos: faces found, aligned, restored and pasted back.
 *
 * @module
 */
export { type FaceDetectorOptions, loadFaceDetector } from "../faces/load_face_detector";
export type { Only } from "./choose_faces";
export type { DetectOptions, Face, FaceDetector, FacePoints, Point } from "./face";
export type { ChangedRegion } from "./paste_regions";
export { type PhotoInput, type RestorePhotoOptions, restorePhoto } from "./restore_photo";
export type { RenderOptions, RestoredFace, RestoredPhoto } from "./restored_photo";
export type { TemplateName } from "./templates";
export type { Transform } from "./transform";
export { drawFrame, type RestoreVideoOptions, restoreVideo, type VideoCounts } from "./video";
export {
  type RestoredFrame,
  type VideoFaces,
  type VideoFacesOptions,
  videoFaces,
} from "./video_faces";
