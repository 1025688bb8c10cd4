import { GpuError, ShapeError } from "../errors";
import type { AdapterTraits } from "../gpu/adapter";
import type { Precision } from "../kernels/layout";

/** What "auto" means on this adapter. Throws GpuError if it cannot store f16 and that was asked for. */
export function choosePrecision(
  gpu: Pick<AdapterTraits, "name" | "f16" | "software">,
  wanted: "auto" | Precision,
): Precision {
  if (wanted === "f16" && !gpu.f16) {
    throw new GpuError(
      `gpu: ${gpu.name} has no shader-f16; load the model with precision "f32" or "auto"`,
    );
  }
  if (!["auto", "f16", "f32"].includes(wanted))
    throw new ShapeError(`gpu: precision ${wanted} must be "auto", "f16" or "f32"`);
  // Software adapters emulate f16: it saves memory there and costs time.
  if (wanted === "auto") return gpu.f16 && !gpu.software ? "f16" : "f32";
  return wanted;
}
