import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ShapeError } from "../../src/errors";
import type { Kernel } from "../../src/kernels/kernel";
import { referenceOf } from "../../src/references/references";
import { numel, type Shape } from "../../src/tensor";
import { bytesSource } from "../../src/weights/byte_source";
import { openCheckpoint } from "../../src/weights/open_checkpoint";
import { expectClose } from "../compare";

/** What a kernel takes beside its inputs' shapes. */
type Attributes<Args> = {
  [K in keyof Args as NonNullable<Args[K]> extends Shape ? never : K]: Args[K];
};

/** A case of test/golden/kernels/kernels.safetensors; the file has the inputs and PyTorch's output. */
export interface StoredCase<Args> {
  readonly name: string;
  readonly attributes: Attributes<Args>;
}

export interface ReferenceChecks<Args> {
  /** Of the largest output; PyTorch sums in f32 and in another order. */
  readonly tolerance: number;
  readonly cases: readonly StoredCase<Args>[];
}

const file = new URL("../golden/kernels/kernels.safetensors", import.meta.url);

/** Tests that the plain reference gives PyTorch's numbers, on every stored case of the kernel. */
export function checkReference<Args extends object>(
  kernel: Kernel<Args>,
  { tolerance, cases }: ReferenceChecks<Args>,
): void {
  test(`${kernel.name}: the reference gives PyTorch's numbers`, async () => {
    const { tensors } = await openCheckpoint(bytesSource(readFileSync(file)));
    const seen = new Set<string>();
    for (const { name, attributes } of cases) {
      const prefix = `${kernel.name}/${name}/`;
      const shapes: Record<string, Shape> = {};
      const values: Record<string, Float32Array> = {};
      for (const [key, tensor] of tensors) {
        if (!key.startsWith(prefix)) continue;
        seen.add(key);
        shapes[key.slice(prefix.length)] = tensor.shape;
        values[key.slice(prefix.length)] = await tensor.read();
      }
      const { y, ...inputs } = shapes;
      const args = { ...attributes, ...inputs } as unknown as Args;
      expect(kernel.outputShape(args), `${prefix}: shape`).toEqual(y);
      const got = referenceOf(kernel)(args, values);
      expect(got.length, `${prefix}: length`).toBe(numel(y));
      expectClose(got, values.y, tolerance, prefix);
    }
    const stored = [...tensors.keys()].filter((key) => key.startsWith(`${kernel.name}/`));
    expect(
      stored.filter((key) => !seen.has(key)),
      "cases that no test reads",
    ).toEqual([]);
  });
}

/** Tests that the contract refuses the arguments with a ShapeError of exactly this sentence. */
export function checkRefusals<Args extends object>(
  kernel: Kernel<Args>,
  refusals: readonly (readonly [args: Args, sentence: string])[],
): void {
  test.each(refusals)(`${kernel.name} refuses %j`, (args, sentence) => {
    expect(() => kernel.outputShape(args)).toThrow(new ShapeError(sentence));
  });
}
