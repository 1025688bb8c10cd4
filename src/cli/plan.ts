import type { Limits } from "../graph/bands";
import { compile } from "../graph/compile";
import { discriminator } from "../graph/discriminator";
import { gpen, sampler } from "../graph/gpen";
import type { Program } from "../graph/program";
import type { Precision } from "../kernels/layout";
import type { GpenConfig } from "../weights/config";
import type { ModelKind } from "../weights/parameters";

/** The program of a model for one picture on a device of these limits. Throws GpuError if none fits. */
export function planOf(
  kind: ModelKind,
  config: GpenConfig,
  limits: Limits,
  precision: Precision,
): Program {
  if (kind === "discriminator") {
    return compile({ logits: discriminator(config, 1).logits }, { limits, precision });
  }
  const { output } = kind === "gpen" ? gpen(config, 1) : sampler(config, 1);
  return compile({ output }, { limits, precision });
}

/** Multiply-adds of a run; a node in bands counts once. */
export function macs({ steps }: Program): number {
  return steps
    .filter(({ completes }) => completes)
    .reduce((sum, { node, kernel }) => sum + (kernel.macs?.(node.args) ?? 0), 0);
}

/** Whether a tensor exceeds the device's binding limit, so that it is computed in bands of rows. */
export function inBands({ steps }: Program): boolean {
  return steps.some(({ completes }) => !completes);
}
