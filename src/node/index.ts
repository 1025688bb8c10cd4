/**
 * What Node needs beside the library: an adapter through Dawn, weights from a file, pictures.
 *
 * @module
 */
export type { AdapterChoice } from "./driver";
export { type FileSource, openFileSource } from "./file_source";
export { type NodeGpuOptions, openNodeGpu } from "./gpu";
export { type Image, type ReadImageOptions, readImage, writeImage } from "./image";
