import { keepFaceWeights } from "../../build/face_weights";

/** The path of the detector's weights, made from the packages where they have not been built yet. */
export const FACE_WEIGHTS = await keepFaceWeights();
