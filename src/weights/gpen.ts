import { WeightsError } from "../errors";
import type { ReadParameter } from "../graph/node";
import { sameShape, show } from "../tensor";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import type { GpenConfig } from "./config";
import { firTaps } from "./fir_taps";
import { parameterReader } from "./parameter_reader";
import { type ModelKind, parameters } from "./parameters";

/**
 * Checks that a checkpoint holds this network and nothing else, FIR taps included, and returns the
 * reader that the graph's weights are loaded with; see parameterReader.
 *
 * Throws WeightsError for a missing tensor, a wrong shape, a tensor left over, or other FIR taps.
 */
export async function checkpointReader(
  checkpoint: Checkpoint,
  kind: ModelKind,
  config: GpenConfig,
): Promise<ReadParameter> {
  const expected = new Map(parameters(kind, config).map((entry) => [entry.key, entry]));
  const stored = new Map<string, StoredTensor>();
  for (const [name, tensor] of checkpoint.tensors) {
    const key = canonicalKey(name, kind);
    const entry = expected.get(key);
    if (!entry) {
      throw new WeightsError(
        `weights: "${name}" ${show(tensor.shape)} is left over; a ${describe(kind, config)} has no such tensor`,
      );
    }
    if (!sameShape(tensor.shape, entry.shape)) {
      throw new WeightsError(
        `weights: "${name}" is ${show(tensor.shape)}, the ${describe(kind, config)} needs ${show(entry.shape)}`,
      );
    }
    stored.set(key, tensor);
  }
  for (const { key, shape, role } of expected.values()) {
    if (!stored.has(key) && role !== "fir") {
      throw new WeightsError(
        `weights: "${key}" ${show(shape)} is missing; a ${describe(kind, config)} needs it`,
      );
    }
    if (stored.has(key) && role === "fir") checkFir(key, await stored.get(key)!.read());
  }
  return parameterReader(stored, async (name) => {
    throw new TypeError(`weights: the network asks for another "${name}" than it should`);
  });
}

/** A generator saved on its own lacks the prefix under which the whole network stores it. */
function canonicalKey(name: string, kind: ModelKind): string {
  return kind === "prior" && !name.startsWith("generator.") ? `generator.${name}` : name;
}

function checkFir(key: string, taps: Float32Array): void {
  for (const [i, tap] of firTaps(key).entries()) {
    // Powers of two and small integers: exact in f16 as in f32. NaN is no tap.
    if (Math.abs(taps[i] - tap) <= 1e-6) continue;
    throw new WeightsError(
      `weights: "${key}" has tap ${i} = ${taps[i]}, but the filter is [1, 3, 3, 1] with ${tap} there; this model was trained with another one`,
    );
  }
}

function describe(kind: ModelKind, config: GpenConfig): string {
  const size =
    config.inSize === config.outSize
      ? `${config.outSize}`
      : `${config.inSize} to ${config.outSize}`;
  return `${kind === "gpen" ? "GPEN" : kind} of ${size} px (channel multiplier ${config.channelMultiplier}, narrow ${config.narrow}, noise ${config.noise})`;
}
