import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { minifierFor } from "../../build/minify_wgsl";
import { shaderText } from "../../src/kernels/shader_text";
import { openTestGpu } from "../gpu";

const folder = new URL("../../shaders/", import.meta.url);
const shaders = readdirSync(folder)
  .filter((file) => file.endsWith(".wgsl"))
  .map((file) => readFileSync(new URL(file, folder), "utf8"));

test("every shader compiles as it ships", async () => {
  const { device } = await openTestGpu();
  const minify = minifierFor(shaders);
  for (const text of shaders) {
    const [extension] = text.match(/(?<=^enable )\w+/m) ?? [];
    if (extension && !device.features.has(extension as GPUFeatureName)) continue;
    const module = device.createShaderModule({ code: shaderText(minify(text)) });
    const { messages } = await module.getCompilationInfo();
    const [name] = text.split(":");
    expect(
      messages.map(({ message }) => message),
      name,
    ).toEqual([]);
  }
});
