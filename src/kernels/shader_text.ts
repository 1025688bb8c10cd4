/**
 * Shaders are legal WGSL as stored. Two things happen to their text before it is compiled, and
 * nothing else: the values of the prelude are set, and loops marked `// unroll` are expanded.
 */

const PRELUDE = /^\/\/ prelude\b[^\n]*\n([\s\S]*?)^\/\/ end of prelude$/m;

/** WGSL storage types by precision; `Quad` is the alias that shaders store activations as. */
const QUAD = { f32: "vec4f", f16: "vec4h" } as const;

/**
 * The text to compile: prelude constants replaced by `values`, `Quad` by the type for `precision`.
 * Throws if a value has no constant of its name in the prelude.
 */
export function shaderText(
  wgsl: string,
  values: Readonly<Record<string, number>> = {},
  precision: "f32" | "f16" = "f32",
): string {
  return unroll(setPrelude(wgsl, values, precision));
}

function setPrelude(
  wgsl: string,
  values: Readonly<Record<string, number>>,
  precision: "f32" | "f16",
): string {
  const found = wgsl.match(PRELUDE);
  if (!found) {
    const name = Object.keys(values)[0];
    if (name) throw new Error(`shader: a value for ${name} was given, but the file has no prelude`);
    return wgsl;
  }
  let prelude = found[1];
  for (const [name, value] of Object.entries(values)) {
    const constant = new RegExp(`^const ${name} = \\d+u;`, "m");
    if (!constant.test(prelude))
      throw new Error(`shader: the prelude has no "const ${name} = ...u;"`);
    prelude = prelude.replace(constant, `const ${name} = ${value}u;`);
  }
  if (precision === "f16" && /^alias Quad = vec4f;/m.test(prelude)) {
    prelude = `enable f16;\n${prelude.replace("alias Quad = vec4f;", `alias Quad = ${QUAD.f16};`)}`;
  }
  return wgsl.replace(PRELUDE, () => prelude);
}

const UNROLLED = /for ?\(var (\w+) ?= ?0u; ?\1 ?< ?(\w+); ?\1\+\+\) ?\{ ?\/\/ unroll\n/;

/**
 * Expands each `for (var i = 0u; i < N; i++) { // unroll` with a constant N into N blocks. Tint does
 * not unroll (gpu.cpp measured 476 to 1288 GFLOP/s for a matmul from this alone), and arrays whose
 * index is a literal live in registers.
 */
export function unroll(wgsl: string): string {
  const constants = constantsOf(wgsl);
  let text = wgsl;
  for (let found = text.match(UNROLLED); found; found = text.match(UNROLLED)) {
    const [head, counter, bound] = found;
    const start = found.index! + head.length;
    const end = closingBrace(text, start);
    const body = text.slice(start, end);
    const count = constants.get(bound) ?? Number(bound.replace(/u$/, ""));
    if (!Number.isInteger(count)) {
      throw new Error(
        `shader: the loop over ${counter} is marked "// unroll", but its bound ${bound} is not a constant`,
      );
    }
    const copies = Array.from(
      { length: count },
      (_, i) => `{\n${body.replace(new RegExp(`\\b${counter}\\b`, "g"), `${i}u`)}}`,
    );
    text = text.slice(0, found.index) + copies.join("\n") + text.slice(end + 1);
  }
  return text;
}

/** Module constants whose value is a number or an arithmetic expression of earlier ones. */
function constantsOf(wgsl: string): Map<string, number> {
  const constants = new Map<string, number>();
  for (const [, name, expression] of wgsl.matchAll(/\bconst (\w+) ?= ?([^;]+);/g)) {
    const value = evaluate(expression, constants);
    if (value !== undefined) constants.set(name, value);
  }
  return constants;
}

/** Value of sums and products of unsigned constants, e.g. "(RUN - 1u) * STRIDE + K". */
function evaluate(expression: string, constants: ReadonlyMap<string, number>): number | undefined {
  const tokens = expression.match(/\w+|[-+*()]/g) ?? [];
  let at = 0;
  const atom = (): number => {
    const token = tokens[at++];
    if (token === "(") {
      const value = sum();
      at++;
      return value;
    }
    return constants.get(token) ?? (/^\d+u$/.test(token) ? Number.parseInt(token, 10) : Number.NaN);
  };
  const product = (): number => {
    let value = atom();
    while (tokens[at] === "*") {
      at++;
      value *= atom();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-")
      value += tokens[at++] === "+" ? product() : -product();
    return value;
  };
  const value = sum();
  return Number.isInteger(value) ? value : undefined;
}

function closingBrace(text: string, from: number): number {
  for (let i = from, depth = 1; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return i;
  }
  throw new Error('shader: a loop marked "// unroll" is not closed');
}
