import { chmodSync, readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { faceWeights } from "./build/face_weights";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** The `gpen` command for Node: everything in one file but the native modules. */
export default defineConfig({
  define: { __GPEN_VERSION__: JSON.stringify(version) },
  build: {
    target: "node20",
    ssr: "src/cli/gpen.ts",
    outDir: "dist",
    emptyOutDir: false,
    rolldownOptions: {
      external: ["webgpu", "sharp"],
      output: { entryFileNames: "gpen.js", codeSplitting: false },
    },
  },
  ssr: { noExternal: true, external: ["webgpu", "sharp"] },
  plugins: [
    faceWeights(),
    { name: "executable", closeBundle: () => chmodSync("dist/gpen.js", 0o755) },
  ],
});
