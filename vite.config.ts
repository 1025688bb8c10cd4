import { defineConfig } from "vite";

/** The library: one ES module, no dependencies; shaders come in as text. */
export default defineConfig({
  build: {
    target: "es2022",
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "index.js" },
    emptyOutDir: true,
  },
});
