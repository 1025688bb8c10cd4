import { existsSync } from "node:fs";
import { defineConfig } from "vite";
import { coreChunks } from "./build/core_chunk";
import { faceWeights } from "./build/face_weights";
import { minifiedWgsl } from "./build/wgsl";

const core = coreChunks();

const PARTS = ["importers", "photo", "download", "element", "node"];

/**
 * The library: ES modules without dependencies; shaders come in as text. Every entry point stands in a
 * file of its own, so that pages load what they import, and shares the rest.
 */
export default defineConfig({
  plugins: [minifiedWgsl(), faceWeights(), core.plugin],
  build: {
    target: "es2022",
    lib: {
      entry: Object.fromEntries([
        ["index", "src/index.ts"],
        ...PARTS.map((part) => [part, `src/${part}/index.ts`]).filter(([, file]) =>
          existsSync(file),
        ),
      ]),
      formats: ["es"],
    },
    rolldownOptions: {
      external: [/^node:/, "webgpu", "sharp"],
      output: { minify: true, codeSplitting: { groups: core.groups } },
    },
    emptyOutDir: true,
  },
});
