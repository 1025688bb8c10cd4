import { numel } from "../tensor";
import type { ReadParameter, WeightNode } from "./node";

/** All of a weight's values at once. */
export async function wholeWeight(
  { shape, parts }: WeightNode,
  read: ReadParameter,
): Promise<Float32Array> {
  const whole = new Float32Array(numel(shape));
  let at = 0;
  for await (const part of parts(read)) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
