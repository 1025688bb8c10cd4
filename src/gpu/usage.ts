/** WebGPU's buffer usage flags by value (specification, section 5.1.2): Node has no such globals. */
export const USAGE = {
  mapRead: 1,
  copySrc: 4,
  copyDst: 8,
  uniform: 64,
  storage: 128,
  queryResolve: 512,
};

/** GPUMapMode.READ. */
export const MAP_READ = 1;
