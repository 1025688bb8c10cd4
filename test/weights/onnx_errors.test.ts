import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WeightsError } from "../../src/errors";
import { bytesSource } from "../../src/weights/byte_source";
import { readOnnx } from "../../src/weights/onnx";

const file = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../golden/onnx/${name}.onnx`, import.meta.url)));

/** `bytes` with every `from` replaced by `to` of the same length; fails if there is none. */
function replaced(bytes: Uint8Array, from: string | Uint8Array, to: string | Uint8Array) {
  const latin1 = (x: string | Uint8Array) =>
    typeof x === "string" ? x : Buffer.from(x).toString("latin1");
  const text = latin1(bytes);
  expect(text.includes(latin1(from))).toBe(true);
  return new Uint8Array(Buffer.from(text.replaceAll(latin1(from), latin1(to)), "latin1"));
}

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

async function errorOf(bytes: Uint8Array): Promise<string> {
  const start = process.cpuUsage();
  const error = await readOnnx(bytesSource(bytes)).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(WeightsError);
  expect(error.message).not.toContain("\n");
  // Two seconds is what a reader may take for any file; a busy machine's other work is not counted.
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  return error.message;
}

// A protobuf writer: just enough for files that no exporter would write.
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const bytesField = (number: number, content: Uint8Array | readonly number[]) =>
  Buffer.concat([
    Uint8Array.from([...varint(number * 8 + 2), ...varint(content.length)]),
    Uint8Array.from(content),
  ]);
const textField = (number: number, text: string) => bytesField(number, Buffer.from(text));
const intField = (number: number, value: number) =>
  Buffer.from([...varint(number * 8), ...varint(value)]);
const node = (op: string, inputs: readonly string[], output: string) =>
  bytesField(
    1,
    Buffer.concat([
      ...inputs.map((name) => textField(1, name)),
      textField(2, output),
      textField(4, op),
    ]),
  );
const model = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(
    bytesField(
      7,
      Buffer.concat([
        ...parts,
        bytesField(11, textField(1, "input")),
        bytesField(12, textField(1, "output")),
      ]),
    ),
  );

describe("a graph that is not a GPEN's is refused with the node that does not fit", () => {
  const slope = (value: number) => Uint8Array.of(0x15, ...f32(value)); // field 2 of an attribute
  it.each([
    ["an unknown operation", "LeakyRelu", "LeakyRely", /^onnx: LeakyRely "\/.*\) stands where/],
    ["another slope", slope(0.2), slope(0.3), /^onnx: LeakyRelu .* stands where .*activated/],
    ["another gain", f32(Math.SQRT2), f32(1.5), /^onnx: LeakyRelu .* multiplied by sqrt\(2\)/],
    ["another epsilon", f32(1e-8), f32(1e-3), /^onnx: .* stands where/],
    ["another filter", f32(1 / 64, 3 / 64), f32(3 / 64, 3 / 64), /filtered by \[1, 3, 3, 1\]/],
    ["another exponent", f32(2), f32(3), /^onnx: .* stands where/],
    ["an edge without a source", "/Flatten_output_0", "/Flatten_output_1", null],
  ] as const)("%s", async (_, from, to, sentence) => {
    const bytes = file("opset11");
    if (sentence) expect(await errorOf(replaced(bytes, from, to))).toMatch(sentence);
    else {
      const first = Buffer.from(bytes).indexOf(from as string);
      bytes.set(Buffer.from(to as string), first);
      expect(await errorOf(bytes)).toMatch(/reads "\/Flatten_output_0", which nothing before/);
    }
  });

  it("a scale that is neither GPEN's nor 1", async () => {
    const bytes = file("opset13_unfolded");
    const scale = f32(Math.fround(0.01 / Math.sqrt(6)));
    expect(await errorOf(replaced(bytes, scale, f32(0.5)))).toMatch(
      /"generator.style.1.weight".* is multiplied by 0.5 in the graph; GPEN multiplies it by 0.004/,
    );
  });

  it("a convolution demodulated by the squares of other weights", async () => {
    const bytes = file("activation_space");
    const read = async (x: Uint8Array) => {
      const { tensors } = await readOnnx(bytesSource(x));
      await tensors.get("generator.conv1.conv.weight")!.read();
    };
    await read(bytes);
    const { tensors } = await readOnnx(bytesSource(bytes));
    const w = await tensors.get("generator.conv1.conv.weight")!.read();
    const changed = replaced(bytes, f32(w[0]), f32(w[0] + 1));
    await expect(read(changed)).rejects.toThrow(/the demodulation of .* does not fit itself/);
  });
});

describe("numbers are checked when they are read", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%s among weights", async (value) => {
    const bytes = file("opset11");
    const { tensors } = await readOnnx(bytesSource(bytes));
    const w = await tensors.get("ecd1.0.1.weight")!.read();
    const damaged = await readOnnx(bytesSource(replaced(bytes, f32(w[4]), f32(value))));
    await expect(damaged.tensors.get("ecd1.0.1.weight")!.read()).rejects.toThrow(
      `onnx: "ecd1.0.1.weight" holds ${value} at index 4`,
    );
  });
});

describe("files that are damaged or made up", () => {
  it("cut short anywhere", async () => {
    const bytes = file("simplified_reshaped_pad");
    for (let length = 1; length < bytes.length; length += 97) {
      expect(await errorOf(bytes.slice(0, length))).toMatch(/^onnx: /);
    }
  });

  it("elements in another file", async () => {
    const tensor = Buffer.concat([intField(1, 4), intField(2, 1), textField(8, "w")]);
    const external = bytesField(5, Buffer.concat([tensor, intField(14, 1)]));
    expect(await errorOf(model(external))).toBe(
      'onnx: "w" lies in another file (external data); save the model as a single file',
    );
  });

  it("a node that reads itself", async () => {
    expect(await errorOf(model(node("Add", ["input", "output"], "output")))).toBe(
      'onnx: Add (output "output") reads "output", which nothing before it computes; the file is damaged',
    );
  });

  it("sizes whose product is out of range, or negative", async () => {
    const tensor = (...dims: number[]) =>
      bytesField(
        5,
        Buffer.concat([...dims.map((d) => intField(1, d)), intField(2, 1), textField(8, "w")]),
      );
    expect(await errorOf(model(tensor(2 ** 40, 2 ** 40)))).toMatch(/at most 2\^28 elements/);
    const minusOne = Buffer.from([8, ...new Array(9).fill(255), 1]);
    const negative = bytesField(5, Buffer.concat([minusOne, intField(2, 1), textField(8, "w")]));
    expect(await errorOf(model(negative))).toMatch(/"w" has shape \(-1\)/);
    expect(await errorOf(model(tensor(4)))).toMatch(/"w" \(4\) has 0 bytes of elements/);
  });

  it("more nodes than any GPEN", async () => {
    const small = node("Neg", ["input"], "x");
    const many = Buffer.alloc(small.length * 25_000, small);
    expect(await errorOf(model(many))).toBe(
      "onnx: the graph has more than 20000 nodes; no GPEN has",
    );
  });

  it.each([
    ["sums that double", "Add"],
    ["products that double", "Mul"],
    ["lists that double", "Concat"],
  ])("%s for 19,000 nodes", async (_, op) => {
    const chain = Array.from({ length: 19_000 }, (_, i) => node(op, [`${i}`, `${i}`], `${i + 1}`));
    const first = node("Identity", ["input"], "0");
    const last = node("Identity", ["19000"], "output");
    expect(await errorOf(model(first, ...chain, last))).toMatch(/^onnx: .* stands where/);
  });

  it.each(["Add", "Neg", "Concat", "Unsqueeze"])("19,000 constants through %s", async (op) => {
    const raw = Buffer.concat([intField(1, 1), intField(2, 7), textField(8, "0")]);
    const one = bytesField(5, Buffer.concat([raw, bytesField(9, new Uint8Array(8).fill(1))]));
    const chain = Array.from({ length: 19_000 }, (_, i) => node(op, [`${i}`, `${i}`], `${i + 1}`));
    const last = node("Reshape", ["input", "19000"], "output");
    expect(await errorOf(model(one, ...chain, last))).toMatch(/^onnx: /);
  });

  // What flows along an edge must stay small: each of these piles up one thing.
  it.each([
    ["scalars", "Mul", (i: number) => [`${i}`, "two"]],
    ["taps of a filter", "Add", (i: number) => [`${i}`, `${i}`]],
    ["terms of a sum", "Add", (i: number) => [`${i}`, `r${i}`]],
  ] as const)("19,000 nodes that pile up %s", async (_, op, inputs) => {
    const two = [intField(2, 1), textField(8, "two"), bytesField(9, f32(2))];
    const chain = Array.from({ length: 9500 }, (_, i) => [
      node("RandomNormal", [], `r${i}`),
      node(op, inputs(i), `${i + 1}`),
    ]);
    const first = node("Pad", ["input"], "0");
    const last = node("Identity", ["9500"], "output");
    const bytes = model(bytesField(5, Buffer.concat(two)), first, ...chain.flat(), last);
    const before = process.memoryUsage().rss;
    expect(await errorOf(bytes)).toMatch(/^onnx: .* stands where/);
    // 256 MB is what any file may cost; the process has other memory already.
    expect(process.memoryUsage().rss - before).toBeLessThan(256e6);
  });

  it("a constant that is computed along 2^60 paths", async () => {
    const raw = [
      intField(1, 1),
      intField(2, 7),
      textField(8, "0"),
      bytesField(9, new Uint8Array(8)),
    ];
    const chain = Array.from({ length: 60 }, (_, i) => node("Add", [`${i}`, `${i}`], `${i + 1}`));
    const weight = [intField(1, 1), intField(2, 1), textField(8, "w"), bytesField(9, f32(2))];
    const parts = [bytesField(5, Buffer.concat(raw)), bytesField(5, Buffer.concat(weight))];
    const last = [node("Reshape", ["w", "60"], "v"), node("Mul", ["input", "v"], "output")];
    expect(await errorOf(model(...parts, ...chain, ...last))).toMatch(/^onnx: /);
  });
});
