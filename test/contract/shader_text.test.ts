import { expect, test } from "vitest";
import { shaderText } from "../../src/kernels/shader_text";

const shader = `// a shader
// prelude
alias Quad = vec4f;
const K = 3u;
// end of prelude
const RUN = 2u;
const WINDOW = RUN * K + 1u - K;
`;

const loop = (bound: string, body = "a[i] = i;") =>
  `for (var i = 0u; i < ${bound}; i++) { // unroll\n${body}\n}`;

test("a prelude's values are set, and nothing else changes", () => {
  expect(shaderText(shader, { K: 5 })).toBe(shader.replace("const K = 3u;", "const K = 5u;"));
  expect(shaderText(shader)).toContain("const K = 3u;");
});

test("f16 replaces the storage type and enables the extension first", () => {
  const text = shaderText(shader, { K: 1 }, "f16");
  expect(text).toContain("alias Quad = vec4h;");
  expect(text.indexOf("enable f16;")).toBeLessThan(text.indexOf("alias"));
  expect(text.match(/enable f16;/g)?.length).toBe(1);
  expect(shaderText("// nothing is stored as Quad\n", {}, "f16")).not.toContain("f16");
});

test("a marked loop becomes as many blocks as its bound says", () => {
  expect(shaderText(loop("2u"))).toBe("{\na[0u] = 0u;\n}\n{\na[1u] = 1u;\n}");
  const count = (text: string) => shaderText(text).match(/a\[\d+u\]/g)?.length;
  expect(count(shader + loop("K"))).toBe(3);
  expect(count(shader + loop("WINDOW"))).toBe(4);
  expect(shaderText(shader + loop("WINDOW"), { K: 2 }).match(/a\[\d+u\]/g)?.length).toBe(3);
  expect(count(shader + loop("2u * RUN - 1u"))).toBe(3);
  const inner = loop("RUN", "a[j * 3u + i] = i;").replaceAll(/\bi\b/g, "k");
  expect(shaderText(`const RUN = 2u;\n${loop("3u", inner)}`).match(/a\[/g)?.length).toBe(6);
  expect(shaderText(loop("4u").replace(" // unroll", ""))).toContain("for (");
});

test("only the counter is replaced, not names that contain it", () => {
  expect(shaderText(loop("1u", "ix[i] = this_i + i.x;"))).toBe("{\nix[0u] = this_i + 0u.x;\n}");
});

test("a loop that cannot be expanded is refused", () => {
  for (const bound of ["params", "4u / 2u", "(2u + 1u) * 2u"])
    expect(() => shaderText(loop(bound)), bound).toThrow("Invalid array length");
  expect(() => shaderText("for (var i = 0u; i < 2u; i++) { // unroll\nif (true) {\n}")).toThrow();
});
