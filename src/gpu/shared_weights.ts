import type { PlannedTensor, Program } from "../graph/program";
import type { Executable } from "./prepare";

/** The weights of `program` that lie on the device already, as another of the same checkpoint has them. */
export function sharedWeights(program: Program, other: Executable): Map<number, GPUBuffer> {
  const key = ({ name, shape, layout, bytes, place }: PlannedTensor) =>
    "weight" in place ? JSON.stringify([name, shape, layout, bytes]) : "";
  const there = new Map(other.program.tensors.map((tensor, i) => [key(tensor), i]));
  const shared = new Map<number, GPUBuffer>();
  if (other.program.precision !== program.precision) return shared;
  for (const [i, tensor] of program.tensors.entries()) {
    const same = "weight" in tensor.place ? there.get(key(tensor)) : undefined;
    if (same !== undefined) shared.set(i, other.buffer(same));
  }
  return shared;
}
