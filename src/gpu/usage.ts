/** WebGPU's buffer usage flags by value (specification, section 5.1.2): Node has no such globals. */
export const mapRead = 1;
export const copySrc = 4;
export const copyDst = 8;
export const uniform = 64;
export const storage = 128;
export const queryResolve = 512;

/** GPUMapMode.READ. */
export const MAP_READ = 1;
