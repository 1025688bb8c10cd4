/*
 * Shaders are legal WGSL as stored. Two things happen to their text before it is compiled, and
 * nothing else: the values of the prelude are set, and loops marked `// unroll` are expanded. Tint does
 * not unroll (gpu.cpp measured 476 to 1288 GFLOP/s for a matmul from this alone), and arrays whose
 * index is a literal live in registers.
 */

const CONSTANT = /\bconst (\w+) ?= ?([^;]+)/g;
const UNROLLED = /for ?\(var (\w+)[^{]*< ?([^;]+);[^{]*\{ ?\/\/ unroll\n/;

type Constants = Readonly<Record<string, number>>;

/**
 * The text to compile: prelude constants set to `values`, `Quad`, the alias that activations are stored
 * as, to the type for `precision`, and each `for (var i = 0u; i < N; i++) { // unroll` as N blocks.
 */
export function shaderText(
  wgsl: string,
  values: Constants = {},
  precision: "f32" | "f16" = "f32",
): string {
  const constants: Record<string, number> = { ...values };
  let text = wgsl.replace(CONSTANT, (stored, name, sum) => {
    constants[name] ??= evaluate(sum, constants);
    return name in values ? `const ${name} = ${values[name]}u` : stored;
  });
  // The prelude is the first code, and so where an extension is enabled.
  if (precision === "f16")
    text = text.replace(/alias Quad ?= ?vec4f/, "enable f16;\nalias Quad = vec4h");
  for (let loop = text.match(UNROLLED); loop; loop = text.match(UNROLLED)) {
    const [head, counter, bound] = loop;
    const start = loop.index! + head.length;
    const brace = /[{}]/g;
    brace.lastIndex = start;
    for (let depth = 1; depth > 0; ) depth += brace.exec(text)![0] === "{" ? 1 : -1;
    const body = text.slice(start, brace.lastIndex - 1);
    const copies = [...Array(evaluate(bound, constants)).keys()].map(
      (i) => `{\n${body.replace(new RegExp(`\\b${counter}\\b`, "g"), `${i}u`)}}`,
    );
    text = text.slice(0, loop.index) + copies.join("\n") + text.slice(brace.lastIndex);
  }
  return text;
}

/** Value of a sum of products, such as "RUN * STRIDE - 2u"; not a number if it is anything else. */
function evaluate(sum: string, constants: Constants): number {
  let value = 0;
  for (const [, sign, product] of sum.matchAll(/([-+]?)([^-+]+)/g)) {
    const factors = product
      .split("*")
      .map((name) => constants[name.trim()] ?? Number(name.replace("u", "")));
    value += factors.reduce((a, b) => a * b, Number(`${sign}1`));
  }
  return value;
}
