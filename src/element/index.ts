/**
 * The web component `<gpen-face>`; importing this defines it.
 *
 * @module
 */
import { defineGpenFace } from "./define";

export { type DefineOptions, defineGpenFace } from "./define";
export { type FaceEvents, GpenFace } from "./face_element";
export type { LoadModel } from "./load";
export type { LoadingOptions } from "./pool";
export type { FaceState, Phase } from "./view";

defineGpenFace();
