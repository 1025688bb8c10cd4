/** The limits of a device that decide how a network is laid out. Defaults are WebGPU's own. */
export interface Limits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  /**
   * Most multiply-adds of one step, where its kernel can be cut into bands: a slow device must be able
   * to draw, and to answer its watchdog, between two. No limit where it is left out.
   */
  readonly maxMacs?: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxBufferSize: 256 * 2 ** 20,
};
