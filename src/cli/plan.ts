import type { Limits } from "../graph/bands";
import { compile } from "../graph/compile";
import { discriminator } from "../graph/discriminator";
import { gpen, sampler } from "../graph/gpen";
import type { Program } from "../graph/program";
import type { Precision } from "../kernels/layout";
import { chooseFor, type Traits } from "../lowering/choose";
import type { GpenConfig } from "../weights/config";
import type { ModelKind } from "../weights/parameters";

/** What the plan of a network depends on. */
export type Device = Traits & { readonly limits: Limits };

/** The program of a model for one picture as this device runs it. Throws GpuError if none fits. */
export function planOf(
  kind: ModelKind,
  config: GpenConfig,
  { limits, ...traits }: Device,
  precision: Precision,
): Program {
  const options = { limits, precision, choose: chooseFor(traits) };
  if (kind === "discriminator") {
    return compile({ logits: discriminator(config, 1).logits }, options);
  }
  const { output } = kind === "gpen" ? gpen(config, 1) : sampler(config, 1);
  return compile({ output }, options);
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
