import { expect, test } from "vitest";
import { shaderText, unroll } from "../../src/kernels/shader_text";

const shader = `// a shader
// prelude
alias Quad = vec4f;
const K = 3u;
// end of prelude
const RUN = 2u;
const WINDOW = (RUN - 1u) * K + 1u;
`;

const loop = (bound: string, body = "a[i] = i;") =>
  `for (var i = 0u; i < ${bound}; i++) { // unroll\n${body}\n}`;

test("a prelude's values are set, and nothing else changes", () => {
  expect(shaderText(shader, { K: 5 })).toBe(
    shader
      .replace("const K = 3u;", "const K = 5u;")
      .replace("// prelude\n", "")
      .replace("// end of prelude\n", "\n"),
  );
  expect(shaderText(shader)).toContain("const K = 3u;");
});

test("f16 replaces the storage type and enables the extension first", () => {
  const text = shaderText(shader, { K: 1 }, "f16");
  expect(text).toContain("alias Quad = vec4h;");
  expect(text.indexOf("enable f16;")).toBeLessThan(text.indexOf("alias"));
  expect(text.match(/enable f16;/g)?.length).toBe(1);
  expect(shaderText("// nothing is stored as Quad\n", {}, "f16")).not.toContain("f16");
});

test("a value without a constant is refused", () => {
  expect(() => shaderText(shader, { STRIDE: 2 })).toThrow(
    'shader: the prelude has no "const STRIDE = ...u;"',
  );
  expect(() => shaderText(shader, { RUN: 8 })).toThrow("RUN"); // a constant, but not the prelude's
  expect(() => shaderText("const K = 3u;\n", { K: 5 })).toThrow(
    "shader: a value for K was given, but the file has no prelude",
  );
});

test("a marked loop becomes as many blocks as its bound says", () => {
  expect(unroll(loop("2u"))).toBe("{\na[0u] = 0u;\n}\n{\na[1u] = 1u;\n}");
  const count = (text: string) => shaderText(text).match(/a\[\d+u\]/g)?.length;
  expect(count(shader + loop("K"))).toBe(3);
  expect(count(shader + loop("WINDOW"))).toBe(4);
  const inner = loop("RUN", "a[j * 3u + i] = i;").replaceAll(/\bi\b/g, "k");
  expect(unroll(`const RUN = 2u;\n${loop("3u", inner)}`).match(/a\[/g)?.length).toBe(6);
  expect(unroll(loop("4u").replace(" // unroll", ""))).toContain("for (");
});

test("only the counter is replaced, not names that contain it", () => {
  expect(unroll(loop("1u", "ix[i] = this_i + i.x;"))).toBe("{\nix[0u] = this_i + 0u.x;\n}");
});

test("a loop that cannot be expanded is refused", () => {
  expect(() => unroll(loop("params"))).toThrow(
    'shader: the loop over i is marked "// unroll", but its bound params is not a constant',
  );
  expect(() => unroll("for (var i = 0u; i < 2u; i++) { // unroll\nif (true) {\n}")).toThrow(
    'shader: a loop marked "// unroll" is not closed',
  );
});
