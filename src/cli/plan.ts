import { compile } from "../graph/compile";
import { discriminator } from "../graph/discriminator";
import { gpen } from "../graph/gpen";
import type { Limits } from "../graph/limits";
import { type Node, ordered } from "../graph/node";
import type { Program } from "../graph/program";
import { sampler } from "../graph/sampler";
import type { Precision } from "../kernels/layout";
import type { Traits } from "../lowering/choose";
import { chooseFor } from "../lowering/techniques";
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
): Promise<Program> {
  return compile(described(kind, config), { limits, precision, choose: chooseFor(traits) });
}

/** The network for one picture, as it is described. */
function described(kind: ModelKind, config: GpenConfig): Record<string, Node> {
  if (kind === "discriminator") return { logits: discriminator(config, 1).logits };
  return { output: (kind === "gpen" ? gpen(config, 1) : sampler(config, 1)).output };
}

/** Multiply-adds of a picture as the network is described, whatever computes it. */
export function macs(kind: ModelKind, config: GpenConfig): number {
  const calls = ordered(Object.values(described(kind, config))).filter(
    (node) => node.kind === "op",
  );
  // A feature that is made twice counts once: both are calls with the very same inputs.
  const distinct = new Map(calls.map((node) => [node.inputs, node]));
  return [...distinct.values()].reduce(
    (sum, { kernel, args }) => sum + (kernel.macs?.(args) ?? 0),
    0,
  );
}

/** Whether a tensor exceeds the device's binding limit, so that it is computed in bands of rows. */
export async function inBands(
  kind: ModelKind,
  config: GpenConfig,
  limits: Limits,
  precision: Precision,
): Promise<boolean> {
  // Steps that are cut by their work fit all the same.
  const binding = { ...limits, maxMacs: undefined };
  const { steps } = await compile(described(kind, config), { limits: binding, precision });
  return steps.some(({ completes }) => !completes);
}
