import type { ReadParameter } from "../graph/node";
import { numel, type Shape } from "../tensor";
import type { StoredTensor } from "./checkpoint";

/**
 * Reads parameters in natural order, scales folded in as fround(w · fround(scale)), which is bit for bit
 * what PyTorch multiplies at run time. `otherwise` says why there is no such tensor, or reads it.
 */
export function parameterReader(
  tensors: ReadonlyMap<string, StoredTensor>,
  otherwise: (name: string) => Promise<{ readonly read: ReadParameter }>,
): ReadParameter {
  return async (name, shape, scratch) => {
    const tensor = tensors.get(name);
    if (!tensor || flat(tensor.shape) !== flat(shape)) {
      return (await otherwise(name)).read(name, shape, scratch);
    }
    const values = await tensor.read(scratch);
    const factor = equalisation(name, tensor.shape) / tensor.folded;
    // Exporters compute the scale in f32, so that theirs may differ from ours in the last bit.
    if (Math.abs(factor - 1) < 1e-6) return values;
    // What lies in the scratch memory is nobody else's.
    const folded = values.buffer === scratch?.memory ? values : values.slice();
    for (let i = 0; i < folded.length; i++) folded[i] *= Math.fround(factor);
    return folded;
  };
}

/** Shapes that differ by sizes of 1 alone hold the same values in the same order. */
function flat(shape: Shape): string {
  return `${shape.filter((size) => size !== 1)}`;
}

/**
 * Equalised learning rate: the factor that a layer applies to a parameter at run time, 1/sqrt(fan-in)
 * for weights (cOut, cIn), (cOut, cIn, k, k) or (1, cOut, cIn, k, k); the mapping network learns at 0.01.
 */
export function equalisation(name: string, shape: Shape): number {
  const fanIn = name.endsWith("weight") ? numel(shape) / (shape.at(-4) ?? shape[0]) : 1;
  return (name.startsWith("generator.style") ? 0.01 : 1) / Math.sqrt(fanIn);
}
