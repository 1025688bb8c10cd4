import { defineConfig } from "vite";

/**
 * The library: ES modules without dependencies; shaders come in as text. What is for Node stands in a
 * file of its own, so that pages never load it, and shares the rest.
 */
export default defineConfig({
  build: {
    target: "es2022",
    lib: { entry: { index: "src/index.ts", node: "src/node/index.ts" }, formats: ["es"] },
    rolldownOptions: { external: [/^node:/, "webgpu", "sharp"] },
    emptyOutDir: true,
  },
});
