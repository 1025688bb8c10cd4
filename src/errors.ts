/** Shapes or options that do not fit together; thrown before anything reaches the GPU. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

/** A weights file that cannot be read, is damaged, or does not describe a GPEN. */
export class WeightsError extends Error {
  override name = "WeightsError";
}

/** No adapter, a limit of the device, a lost device, or output that is not a picture. */
export class GpuError extends Error {
  override name = "GpuError";
}
