import { ShapeError } from "../errors";

/** Throws a ShapeError unless the seed is a whole number; 32 bits of it count. */
export function checkSeed(where: string, seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  throw new ShapeError(`${where}: the seed ${seed} must be a whole number`);
}
