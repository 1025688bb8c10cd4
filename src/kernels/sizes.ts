import { ShapeError } from "../errors";
import { type Shape, sameShape, show } from "../tensor";

/**
 * The sizes that the shapes of a call have in common, by the names that patterns give them:
 * { x: "n cIn h w", w: "cOut cIn k k" }. A name means the same size everywhere, a number itself; shapes
 * that the call leaves out are passed over.
 *
 * Errors    ShapeError: "conv2d: w (2, 3, 3, 3) must be (cOut, 4, k, k), to fit x (1, 4, 8, 8)"
 */
export function sizesOf(
  kernel: string,
  args: object,
  patterns: Readonly<Record<string, string>>,
): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {};
  const fitted: string[] = [];
  for (const [name, pattern] of Object.entries(patterns)) {
    const shape = (args as Readonly<Record<string, Shape | undefined>>)[name];
    if (!shape) continue;
    const sides = pattern.split(" ");
    const wanted = sides.map((side) => sizes[side] ?? side).join(", ");
    for (const [i, side] of sides.entries()) sizes[side] ??= Number(side) || shape[i];
    const said = `${name} ${show(shape)}`;
    if (
      !sameShape(
        shape,
        sides.map((side) => sizes[side]),
      )
    ) {
      const why = fitted.length > 0 ? `, to fit ${fitted.join(", ")}` : "";
      throw new ShapeError(`${kernel}: ${said} must be (${wanted})${why}`);
    }
    fitted.push(said);
  }
  return sizes;
}
