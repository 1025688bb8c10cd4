import { WeightsError } from "../errors";
import type { ReadParameter } from "../graph/node";
import { sameShape, show } from "../tensor";
import type { Checkpoint, StoredTensor } from "./checkpoint";
import type { GpenConfig } from "./config";
import { type ModelKind, parameters } from "./parameters";

/**
 * Checks that a checkpoint holds this network and nothing else, FIR taps included, and returns the
 * reader that the graph's weights are loaded with: values in natural order, scales folded in as
 * fround(w · fround(scale)), which is bit for bit what PyTorch multiplies at run time.
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
  return async (key, scratch) => {
    const entry = expected.get(key);
    if (!entry)
      throw new WeightsError(
        `weights: the network asks for "${key}", which no ${describe(kind, config)} has`,
      );
    const tensor = stored.get(key)!;
    const values = await tensor.read(scratch);
    // What lies in the scratch memory is nobody else's.
    const owned = values.buffer === scratch?.memory;
    const into = owned ? values : new Float32Array(values.length);
    return folded(values, entry.scale, tensor.folded, into);
  };
}

/** A generator saved on its own lacks the prefix under which the whole network stores it. */
function canonicalKey(name: string, kind: ModelKind): string {
  return kind === "prior" && !name.startsWith("generator.") ? `generator.${name}` : name;
}

/** values · scale / done, where the file has multiplied by `done` already. */
function folded(
  values: Float32Array,
  scale: number,
  done: number,
  into: Float32Array,
): Float32Array {
  // Exporters compute the scale in f32, so that theirs may differ from ours in the last bit.
  if (Math.abs(scale / done - 1) < 1e-6) return values;
  const factor = Math.fround(scale / done);
  for (let i = 0; i < values.length; i++) into[i] = values[i] * factor;
  return into;
}

/** The taps are [1, 3, 3, 1] ⊗ [1, 3, 3, 1] / 64, times 4 where they follow an upsampling. */
function checkFir(key: string, taps: Float32Array): void {
  const gain = key.endsWith(".0.kernel") ? 1 : 4;
  const row = [1, 3, 3, 1];
  for (let i = 0; i < 16; i++) {
    const want = (gain * row[i >> 2] * row[i & 3]) / 64;
    // Powers of two and small integers: exact in f16 as in f32.
    if (!(Math.abs(taps[i] - want) <= 1e-6)) {
      throw new WeightsError(
        `weights: "${key}" has tap ${i} = ${taps[i]}, but the filter is [1, 3, 3, 1] with ${want} there; this model was trained with another one`,
      );
    }
  }
}

function describe(kind: ModelKind, config: GpenConfig): string {
  const size =
    config.inSize === config.outSize
      ? `${config.outSize}`
      : `${config.inSize} to ${config.outSize}`;
  return `${kind === "gpen" ? "GPEN" : kind} of ${size} px (channel multiplier ${config.channelMultiplier}, narrow ${config.narrow}, noise ${config.noise})`;
}
