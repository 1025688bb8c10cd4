import type { ReadParameter } from "../graph/node";
import { sameShape } from "../tensor";
import type { StoredTensor } from "./checkpoint";
import type { Parameter } from "./gpen_parameters";

type Tensors = ReadonlyMap<string, StoredTensor>;
type Parameters = ReadonlyMap<string, Parameter>;

/** Whether the tensors are all of the parameters and nothing else, with the FIR taps of every GPEN. */
export async function holdsExactly(tensors: Tensors, expected: Parameters): Promise<boolean> {
  for (const [key, tensor] of tensors) {
    const entry = expected.get(key);
    if (!entry || !sameShape(tensor.shape, entry.shape)) return false;
    if (entry.role !== "fir") continue;
    const taps = await tensor.read();
    if (!taps.every((tap, i) => isFirTap(key, i, tap))) return false;
  }
  return [...expected].every(([key, { role }]) => role === "fir" || tensors.has(key));
}

/**
 * Reads parameters in natural order, scales folded in as fround(w · fround(scale)), which is bit for bit
 * what PyTorch multiplies at run time.
 */
export function parameterReader(tensors: Tensors, expected: Parameters): ReadParameter {
  return async (key, scratch) => {
    const [entry, tensor] = [expected.get(key), tensors.get(key)];
    if (!entry || !tensor) throw new TypeError(`weights: the network asks for an unknown "${key}"`);
    const values = await tensor.read(scratch);
    // What lies in the scratch memory is nobody else's.
    const owned = values.buffer === scratch?.memory;
    const into = owned ? values : new Float32Array(values.length);
    return folded(values, entry.scale, tensor.folded, into);
  };
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
export function firTap(key: string, i: number): number {
  const row = [1, 3, 3, 1];
  return ((key.endsWith(".0.kernel") ? 1 : 4) * row[i >> 2] * row[i & 3]) / 64;
}

/** Powers of two and small integers: exact in f16 as in f32. NaN is no tap. */
export function isFirTap(key: string, i: number, tap: number): boolean {
  return Math.abs(tap - firTap(key, i)) <= 1e-6;
}
