import { GpuError } from "../errors";

/** What says so to whoever still uses a model, or did when it was disposed of. */
export function disposedOf(): GpuError {
  return new GpuError("model: it was disposed of; load it again");
}
