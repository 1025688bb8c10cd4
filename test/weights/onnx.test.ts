import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/importers/index";
import { bytesSource } from "../../src/weights/byte_source";
import type { Checkpoint } from "../../src/weights/checkpoint";
import { readOnnx } from "../../src/weights/onnx";
import { openCheckpoint } from "../../src/weights/open_checkpoint";

const golden = (path: string) =>
  bytesSource(readFileSync(new URL(`../golden/${path}`, import.meta.url)));

/** How far a stored number may be from the published one times `folded`, relative to either. */
const EXACT = 0; // folding is fround(w · fround(scale)), as in PyTorch: bit-equal
const F16 = 2 ** -11; // one rounding to f16's 11 bits
const TWICE = 6 * 2 ** -24; // six roundings to f32: scale, sqrt(2), their product, and three products with w

interface Export {
  readonly file: string;
  readonly weights?: "concat" | "add" | "none" | "sr";
  readonly near?: number;
  readonly why: string;
}

const EXPORTS: readonly Export[] = [
  { file: "opset11", why: "what published files look like" },
  { file: "opset13_unfolded", why: "scales are Mul nodes, shapes are computed" },
  { file: "opset17", why: "axes are inputs" },
  { file: "opset9", why: "pads and axes are attributes; activation space" },
  { file: "simplified_reshaped_pad", why: "upsampling by a reshaped Pad; identities gone" },
  { file: "names_lost", why: "every name is a number" },
  { file: "initializers_as_inputs", why: "weights are listed as graph inputs" },
  { file: "constants", why: "weights are Constant nodes" },
  { file: "float_data", why: "elements are float_data and int64_data" },
  { file: "f16_raw", near: F16, why: "half precision behind casts" },
  { file: "f16_bits", near: F16, why: "half precision as int32_data, unfolded" },
  { file: "activation_space", why: "styles multiply features; squared weights are folded" },
  { file: "activation_space_unfolded", why: "the same with weights squared in the graph" },
  { file: "activation_simplified", why: "the same without identities" },
  { file: "fir_slices", why: "filters are slices that are added up" },
  { file: "lean_simplified", why: "the same with taps as constants" },
  { file: "fir_depthwise", why: "filters have a copy per channel; upsampling is ConvTranspose" },
  { file: "fir_separable", why: "filters are a row and a column" },
  { file: "simplified", why: "constants folded, identities and duplicates removed" },
  { file: "simplified17", why: "the same, MatMul + Add as Gemm" },
  { file: "bias_in_conv", why: "biases are inputs of Conv and Gemm" },
  { file: "transposes", why: "MatMul with Transpose nodes, bias first" },
  { file: "weights_squeezed", why: "weights have no batch axis, gains have shape (1, 1)" },
  { file: "gain_folded", near: TWICE, why: "sqrt(2) is in weights and biases" },
  { file: "prelu", why: "PRelu" },
  { file: "where", why: "Where(x > 0, x, 0.2 x)" },
  { file: "max", why: "Max(x, 0.2 x)" },
  { file: "batch2", why: "two pictures at once: reshapes hold the batch" },
  { file: "noise_add", weights: "add", why: "noise is added" },
  { file: "activation_simplified_add", weights: "add", why: "added, epsilon fused into Gemm" },
  { file: "noise_none", weights: "none", why: "no noise at all" },
  { file: "bias_in_conv_none", weights: "none", why: "activation biases in styled convolutions" },
  { file: "extra_noise_inputs", weights: "sr", why: "8 to 16 px, noise from inputs" },
  { file: "extra_noise_random", weights: "sr", why: "8 to 16 px, noise drawn in the graph" },
];

/** Every published tensor but FIR taps; a network without noise has no noise weights in its file. */
async function expectSame(found: Checkpoint, published: Checkpoint, near: number): Promise<void> {
  const noise = found.metadata.get("gpen.noise");
  const names = [...published.tensors.keys()].filter((name) => !name.endsWith(".kernel"));
  expect([...found.tensors.keys()].toSorted()).toEqual(names.toSorted());
  for (const name of names) {
    const tensor = found.tensors.get(name)!;
    const stored = published.tensors.get(name)!;
    expect(tensor.shape, name).toEqual(stored.shape);
    const unused = noise === "none" && name.endsWith("noise.weight");
    const values = await stored.read();
    expectNear(await tensor.read(), unused ? values.fill(0) : values, tensor.folded, near, name);
  }
}

function expectNear(
  got: Float32Array,
  published: Float32Array,
  folded: number,
  near: number,
  name: string,
): void {
  expect(got.length, name).toBe(published.length);
  for (let i = 0; i < got.length; i++) {
    const want = Math.fround(published[i] * Math.fround(folded));
    // Below 2^-14 f16 numbers are 2^-24 apart.
    const allowed =
      near === F16 ? Math.max(near * Math.abs(want), 2 ** -25) : near * Math.abs(want);
    if (!(Math.abs(got[i] - want) <= allowed)) {
      expect.fail(`${name}[${i}] is ${got[i]}, want ${want}, folded ${folded}`);
    }
  }
}

describe("an ONNX export holds the tensors it was made of", () => {
  it.each(EXPORTS)("$file: $why", async ({ file, weights = "concat", near = EXACT }) => {
    const found = await readOnnx(golden(`onnx/${file}.onnx`));
    await expectSame(found, await openCheckpoint(golden(`onnx/${weights}.safetensors`)), near);
    expect(Object.fromEntries(found.metadata)).toEqual({
      "gpen.noise": weights === "sr" ? "concat" : weights,
      "gpen.in_size": "8",
      "gpen.out_size": weights === "sr" ? "16" : "8",
      "gpen.style_dim": "6",
      "gpen.n_mlp": "2",
    });
  });

  it("bfr64: five resolutions, 16 channels", async () => {
    const found = await openCheckpoint(golden("bfr64/model.onnx"), { formats: FORMATS });
    expect(found.format).toBe("onnx");
    await expectSame(
      found,
      await openCheckpoint(golden("bfr64/weights.pth"), { formats: FORMATS }),
      EXACT,
    );
    expect(found.metadata.get("gpen.in_size")).toBe("64");
  });
});

describe("folded says which scale is in the stored numbers", () => {
  // Exact: both sides are float64 formulas of the published layout.
  const scales: readonly [string, number][] = [
    ["ecd1.0.1.weight", 1 / Math.sqrt(3 * 9)],
    ["final_linear.0.weight", 1 / Math.sqrt(3 * 16)],
    ["generator.style.1.weight", 0.01 / Math.sqrt(6)],
    ["generator.style.1.bias", 0.01],
    ["generator.convs.0.conv.weight", 1 / Math.sqrt(6 * 9)],
    ["generator.convs.0.conv.modulation.weight", 1 / Math.sqrt(6)],
    ["generator.convs.0.conv.modulation.bias", 1],
    ["generator.to_rgbs.0.conv.weight", 1 / Math.sqrt(6)],
    ["generator.conv1.noise.weight", 1],
    ["generator.input.input", 1],
  ];
  it("with constants folded: the published scale", async () => {
    const { tensors } = await readOnnx(golden("onnx/opset11.onnx"));
    for (const [name, scale] of scales) {
      expect(Math.abs(tensors.get(name)!.folded - scale), name).toBeLessThan(1e-15);
    }
  });
  it("with scales as nodes: 1", async () => {
    const { tensors } = await readOnnx(golden("onnx/opset13_unfolded.onnx"));
    for (const [name] of scales) expect(tensors.get(name)!.folded, name).toBe(1);
  });
});

describe("reading is lazy", () => {
  it("opening leaves the elements of weights in the file", async () => {
    const source = golden("bfr64/model.onnx");
    const weights: number[] = [];
    const spy = {
      size: source.size,
      read: (offset: number, length: number) => {
        weights.push(length);
        return source.read(offset, length);
      },
    };
    await readOnnx(spy);
    // Windows are 16 kB, scalars and shapes are shorter.
    expect(Math.max(...weights)).toBeLessThanOrEqual(16384);
  });
});
