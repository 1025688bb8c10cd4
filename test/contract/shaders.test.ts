import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WgslReflect } from "wgsl_reflect/wgsl_reflect.module.js";
import { CASES } from "../../bench/cases";
import { compile } from "../../src/graph/compile";
import { DEFAULT_LIMITS } from "../../src/graph/limits";
import { WORKGROUP, wgslOf } from "../../src/kernels/kernel";
import { shaderText } from "../../src/kernels/shader_text";
import { referenceOf } from "../../src/references/references";
import { callNode } from "../kernels/call_node";
import { KERNELS } from "./kernels";

const root = new URL("../../", import.meta.url);
const stored = readdirSync(new URL("shaders/", root))
  .filter((file) => file.endsWith(".wgsl"))
  .map((file) => file.replace(".wgsl", ""));

/** Room for the largest weights of the cases, and for only a part of the largest pictures. */
const SMALL = { ...DEFAULT_LIMITS, maxStorageBufferBindingSize: 36 * 2 ** 20 };

test("every shader is a kernel, and every kernel has a shader of its name", () => {
  expect(stored.length).toBeGreaterThan(0);
  expect([...KERNELS.keys()].sort()).toEqual([...stored].sort());
  for (const [basename, kernel] of KERNELS) expect(kernel.name).toBe(basename);
});

describe.each(stored)("%s", async (name) => {
  const file = `shaders/${name}.wgsl`;
  const text = readFileSync(new URL(file, root), "utf8");
  const kernel = KERNELS.get(name)!;
  const rows = CASES.filter((each) => each.kernel === kernel);
  const nodes = rows.map(({ why, args }) => callNode(kernel, why, args));
  const programs = nodes.flatMap((y) =>
    [DEFAULT_LIMITS, SMALL].map((limits) => compile({ y }, { limits })),
  );
  const plans = (await Promise.all(programs)).flatMap(({ steps }) =>
    steps.map(({ dispatch }) => dispatch),
  );
  const reflected = new WgslReflect(text);

  test("is five things of one name", async () => {
    expect(await wgslOf(kernel)).toBe(text);
    expect(referenceOf(kernel), "reference").toBeTypeOf("function");
    expect(existsSync(new URL(`src/references/${name}.ts`, root)), "file of it").toBe(true);
    expect(existsSync(new URL(`test/kernels/${name}.test.ts`, root)), "node test").toBe(true);
    expect(existsSync(new URL(`test/kernels/${name}.gpu.test.ts`, root)), "GPU test").toBe(true);
    expect(rows.length, "rows of bench/cases").toBeGreaterThan(0);
    for (const { args } of rows) expect(kernel.outputShape(args).length).toBeGreaterThan(1);
  });

  test("says its shapes, threads, source and twin", () => {
    const header = text.slice(0, text.search(/^$/m));
    expect(header.startsWith(`// ${name}: `)).toBe(true);
    for (const line of ["Shapes", "Threads", "Source", "Twin"]) {
      expect(header, line).toMatch(new RegExp(`^// ${line} +\\S`, "m"));
    }
    const [, twin] = header.match(/^\/\/ Twin +(\S+)$/m)!;
    expect(twin).toBe(`src/kernels/${name}.ts`);
    expect(existsSync(new URL(twin, root))).toBe(true);
    expect(/workgroupBarrier/.test(text), "a Barrier line says what it protects").toBe(
      /^\/\/ Barrier +\S/m.test(header),
    );
  });

  test("binds what the kernel says, in its order", () => {
    const [bindings] = reflected.getBindGroups();
    expect(reflected.getBindGroups().length).toBe(1);
    expect(bindings.map((binding) => binding.name)).toEqual(kernel.bindings);
    expect(bindings.map((binding) => binding.binding)).toEqual(bindings.map((_, i) => i));
    expect(reflected.uniforms.map((binding) => binding.name)).toEqual(["params"]);
    expect(bindings[0].type.name).toBe("Params");
    expect(bindings[bindings.length - 1].name).toBe("y");
    expect(bindings.slice(1).map(({ access }) => access)).toEqual(
      bindings.slice(1).map(({ name }) => (name === "y" ? "read_write" : "read")),
    );
    // A pipeline that lays out its own bindings leaves out those that no statement names.
    const code = text.replace(/\/\/.*|^@group.*/gm, "");
    for (const { name } of bindings)
      expect(code, name).toMatch(new RegExp(`(?<![.\\w])${name}[.[]`));
    expect(reflected.storage.length, "maxStorageBuffersPerShaderStage").toBeLessThanOrEqual(8);
    for (const { args } of rows) {
      expect(Object.keys(kernel.layouts(args)).sort()).toEqual(
        [...kernel.bindings.slice(1)].sort(),
      );
    }
  });

  test("stores as Quad exactly what follows the precision", () => {
    const follows = Object.entries(kernel.layouts(rows[0].args)).filter(([, l]) => l.follows);
    const quads = [...text.matchAll(/^@group.*> (\w+): array<Quad>/gm)].map(([, each]) => each);
    expect(quads.sort()).toEqual(follows.map(([binding]) => binding).sort());
  });

  test("has Params of u32, filled in their order", () => {
    const members = reflected.uniforms[0].members!;
    expect(members.map(({ type }) => type.name)).toEqual(members.map(() => "u32"));
    expect(members.map(({ offset }) => offset)).toEqual(members.map((_, i) => 4 * i));
    expect(4 * members.length, "gpu/prepare: PARAMS_BYTES").toBeLessThanOrEqual(256);
    for (const { params } of plans) {
      expect(Object.keys(params)).toEqual(members.map((member) => member.name));
      for (const [key, value] of Object.entries(params)) {
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32, `${key}: ${value}`).toBe(
          true,
        );
      }
    }
  });

  test("stays within the default limits", () => {
    const size = text.match(/@compute @workgroup_size\((\d+), (\d+), (\d+)\)\nfn main\(/);
    expect(size, "@workgroup_size of three numbers, before main").not.toBeNull();
    const threads = Number(size![1]) * Number(size![2]) * Number(size![3]);
    expect(threads).toBeLessThanOrEqual(256);
    // flat() and the plans that divide by WORKGROUP count on it where threads are numbered.
    if (/threads: u32/.test(text)) expect(threads).toBe(WORKGROUP);
    for (const { prelude, workgroups } of plans) {
      expect(workgroupBytes(shaderText(text, prelude))).toBeLessThanOrEqual(16 * 1024);
      for (const count of workgroups) {
        expect(Number.isInteger(count) && count >= 1 && count <= 65535, `${workgroups}`).toBe(true);
      }
    }
  });

  test("has the overrides and the prelude that plans set", () => {
    const declared = [...text.matchAll(/^override (\w+): bool = (?:true|false);$/gm)];
    const names = declared.map(([, override]) => override);
    expect(names.length, "every override has a type and a default").toBe(
      text.match(/^\s*(?:@id\(\d+\) )?override\b/gm)?.length ?? 0,
    );
    for (const { overrides = {} } of plans) expect(Object.keys(overrides)).toEqual(names);
    for (const { prelude } of plans) {
      const expanded = shaderText(text, prelude); // throws for a name that is not there
      for (const [constant, value] of Object.entries(prelude ?? {})) {
        expect(expanded).toContain(`const ${constant} = ${value}u;`);
      }
    }
  });

  test("parses as it is compiled", () => {
    for (const { prelude } of plans) {
      const expanded = shaderText(text, prelude);
      expect(expanded).not.toContain("// unroll");
      expect(new WgslReflect(expanded).entry.compute.length).toBe(1);
      const half = shaderText(text, prelude, "f16");
      expect(half.includes("enable f16;")).toBe(text.includes("alias Quad"));
      expect(half).not.toContain("alias Quad = vec4f");
    }
  });
});

/** Bytes of workgroup memory; read as if it were storage, whose sizes are reflected. */
function workgroupBytes(text: string): number {
  let bindings = 0;
  const asStorage = text.replace(
    /^var<workgroup> /gm,
    () => `@group(1) @binding(${bindings++}) var<storage> `,
  );
  expect(asStorage).not.toContain("var<workgroup>");
  const shared = new WgslReflect(asStorage).storage.filter(({ group }) => group === 1);
  expect(shared.length).toBe(bindings);
  const sizes = shared.map(({ size }) => size);
  for (const size of sizes) expect(size).toBeGreaterThan(0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
