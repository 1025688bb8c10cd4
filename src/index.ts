/**
 * A device, a model, one aligned face: openGpu(), loadGpen(), restore(). What a model needs is asked
 * with canRun() before it is downloaded.
 *
 * @module
 */
export { GpuError, ShapeError, WeightsError } from "./errors";
export { type Gpu, type OpenGpuOptions, openGpu } from "./gpu/open";
export type { Limits } from "./graph/limits";
export { type Memory, printProgram } from "./graph/program";
export type { Precision } from "./kernels/layout";
export type { ChoiceStore } from "./lowering/kept_choices";
export { type BatchOptions, restoreFaces } from "./restore/batch";
export { type CanRun, type CanRunOptions, canRun, EMBEDDED_CONFIG } from "./restore/can_run";
export type { RestoreOptions } from "./restore/compute";
export type { ImageInput } from "./restore/image_input";
export { type Gpen, type LoadOptions, loadGpen, type TuneLimits } from "./restore/load";
export type { ModelSource } from "./restore/model_source";
export { type BlobOptions, type Picture, type Pixels, toBitmap, toBlob } from "./restore/pixels";
export { type Restoration, type Restored, restore } from "./restore/restore";
export { type RestoredBuffer, restoreTo, restoreToBuffer } from "./restore/restore_to";
export { loadSampler, type SampleOptions, type Sampler, sample } from "./restore/sample";
export type { Task } from "./restore/task";
export type { ByteSource } from "./weights/byte_source";
export type { GpenConfig, NoiseMode } from "./weights/config";
