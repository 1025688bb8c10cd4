import { expect } from "vitest";
import { pytorchSample } from "./full_size";

/** Fails unless the output agrees with PyTorch's within 1e-4 x its maximum at the stored places. */
export async function expectSample(
  name: "gpen256" | "gpen512",
  output: Float32Array,
): Promise<void> {
  const { sample, max, step } = await pytorchSample(name, output.length);
  sample.forEach((want, i) => {
    const got = output[i * step];
    // As for the small models: f32 sums of up to 9 x 1024 products in another order.
    if (!(Math.abs(got - want) <= 1e-4 * max)) {
      expect.fail(
        `${name}: at ${i * step} got ${got}, PyTorch gives ${want}, allowed 1e-4 x ${max}`,
      );
    }
  });
  expect(sample.length).toBe(2048);
}
