import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import { CASES } from "../../bench/cases";
import { minifierFor } from "../../build/minify_wgsl";
import { compile } from "../../src/graph/compile";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { shaderText } from "../../src/kernels/shader_text";
import { callNode } from "../kernels/call_node";

const folder = new URL("../../shaders/", import.meta.url);
const files = readdirSync(folder, { recursive: true }).map(String);
const shaders = new Map(
  files
    .filter((file) => file.endsWith(".wgsl"))
    .map((file) => [file.replace(".wgsl", ""), readFileSync(new URL(file, folder), "utf8")]),
);
const minify = minifierFor([...shaders.values()]);

/** What the host sees of a shader. */
function interfaceOf(text: string) {
  const { entry, uniforms, storage, overrides } = new WgslReflect(text);
  return {
    bindings: [...uniforms, ...storage].map(({ group, binding, access, size }) => [
      ...[group, binding, access, size],
    ]),
    overrides: overrides.map(({ name }) => name),
    entry: entry.compute.map(({ name }) => name),
    workgroup: text.match(/@workgroup_size\(([^)]*)\)/)?.[1].replaceAll(" ", ""),
    params: uniforms[0]?.members?.map(({ offset, size }) => [offset, size]),
  };
}

/** Numbers and operators, which no renaming touches, with constants in their places; less parentheses. */
function skeleton(text: string): string {
  let code = text
    .replace(/\/\/.*$/gm, "")
    .replace(/\bconst_assert[^;]*;/g, "")
    .replace(/(\d)[uf]\b/g, "$1")
    .replace(/\b0?(\.\d+)/g, "$1")
    .replace(/(\d\.)0\b/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ ?(\W) ?/g, "$1")
    .replaceAll("<storage,read>", "<storage>")
    .replace(/,(?=[)}])/g, "");
  for (const [declared, name, value] of [...code.matchAll(/const (\w+)=([^;]+);/g)].reverse()) {
    code = code.replace(declared, "").replace(new RegExp(`\\b${name}\\b`, "g"), `(${value})`);
  }
  return code.replace(/\b[A-Za-z_]\w*/g, "a").replace(/[()]/g, "");
}

test.each([...shaders])("%s means the same when it is minified", (_name, text) => {
  const short = minify(text);
  expect(short.length).toBeLessThan(text.length * 0.7);
  expect(interfaceOf(short)).toEqual(interfaceOf(text));
  expect(short.match(/\/\/ unroll\n/g)?.length).toBe(text.match(/\/\/ unroll\n/g)?.length);
  expect(skeleton(short)).toBe(skeleton(text));
});

test.each(CASES)("$kernel.name is expanded alike: $why", async ({ kernel, why, args }) => {
  const text = shaders.get(kernel.name)!;
  const y = callNode(kernel, why, args);
  for (const { dispatch } of (await compile({ y }, { limits: DEFAULT_LIMITS })).steps) {
    for (const precision of ["f32", "f16"] as const) {
      const [long, short] = [text, minify(text)].map((each) =>
        shaderText(each, dispatch.prelude, precision),
      );
      expect(skeleton(short)).toBe(skeleton(long));
      expect(new WgslReflect(short).entry.compute.length).toBe(1);
    }
  }
});

test("the same name is shortened alike everywhere, and what is looked for by name stays", () => {
  const shader = (body: string) =>
    `// prelude\nconst RUN = 4u; // pixels\n// end of prelude\nstruct Params {\n  threads: u32,\n}\n` +
    `override BIAS: bool = true;\nfn main(a: u32) -> u32 {\n${body}\n}\n`;
  const [one, two] = ["let offset = a - -1; return offset;", "var offset = RUN; offset++;"];
  const both = minifierFor([shader(one), shader(two)]);
  const name = both(shader(one)).match(/let (\w+)=a- -1;return \1;/)?.[1];
  expect(name?.length).toBe(1);
  expect(both(shader(two))).toContain(`var ${name}=RUN;${name}++;`);
  expect(both(shader(two))).toContain("const RUN=4u;");
  expect(both(shader(two))).toContain("override BIAS:bool=true;fn main(a:u32)->u32{");
});

test("constants stand where they are used, unless the loader looks for them", () => {
  const minified = (text: string) => minifierFor([text])(text);
  const shader = "const RUN = 4u;\nconst PITCH = RUN + 2u;\nconst ROW = PITCH * 3u;\n";
  expect(minified(`${shader}var<private> at: array<u32, ROW>;`)).toBe(
    "const e=4u;var<private>at:array<u32,(e+2)*3>;",
  );
  expect(minified("const GAIN = 0.5f;\nfn main() { a = GAIN * 2.0 + GAIN; }")).toBe(
    "fn main(){a=.5f*2.+.5f;}",
  );
});

test("numbers stay unsigned where nothing else says that they are", () => {
  const text = "fn main() { var i = 0u; i += 1u; let a = 2u * i + 3u; let b = a == 4u; f(5u); }";
  expect(minifierFor([text])(text)).toBe("fn main(){var i=0u;i+=1;let a=2u*i+3;let b=a==4;f(5u);}");
});
