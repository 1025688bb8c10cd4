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

/** Numbers and operators, which no renaming touches, without what was in comments. */
function skeleton(text: string): string {
  return text
    .replace(/\/\/.*$/gm, "")
    .replace(/\b[A-Za-z_]\w*/g, "a")
    .replace(/\s+/g, "")
    .replace(/,(?=[)}])/g, "");
}

test.each([...shaders])("%s means the same when it is minified", (_name, text) => {
  const short = minify(text);
  expect(short.length).toBeLessThan(text.length * 0.7);
  expect(interfaceOf(short)).toEqual(interfaceOf(text));
  expect(short.match(/\/\/ unroll\n/g)?.length).toBe(text.match(/\/\/ unroll\n/g)?.length);
  expect(skeleton(short).length).toBe(skeleton(text).length);
});

test.each(CASES)("$kernel.name is expanded alike: $why", async ({ kernel, why, args }) => {
  const text = shaders.get(kernel.name)!;
  const y = callNode(kernel, why, args);
  for (const { dispatch } of (await compile({ y }, { limits: DEFAULT_LIMITS })).steps) {
    for (const precision of ["f32", "f16"] as const) {
      const [long, short] = [text, minify(text)].map((each) =>
        shaderText(each, dispatch.prelude, precision),
      );
      expect(skeleton(short).length).toBe(skeleton(long).length);
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
  expect(both(shader(two))).toContain("// prelude\nconst RUN = 4u;\n// end of prelude\n");
  expect(both(shader(two))).toContain("override BIAS:bool=true;fn main(a:u32)->u32{");
});
