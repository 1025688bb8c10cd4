import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { faceDetectorFiles } from "../build/face_detector";
import { minifiedWgsl } from "../build/wgsl";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a page of pictures and shaders needs, and nothing else: no eval, no wasm, no other host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Static files for any folder of any host; while developing, Vite's own scripts need a laxer policy. */
// biome-ignore lint/style/noDefaultExport: Vite takes a configuration as the default export
export default defineConfig({
  root: at("."),
  base: "./",
  publicDir: at("public"),
  resolve: {
    alias: [
      { find: /^gpen-webgpu$/, replacement: at("../src/index.ts") },
      { find: /^gpen-webgpu\/importers$/, replacement: at("../src/importers/index.ts") },
      { find: /^gpen-webgpu\/download$/, replacement: at("../src/download/index.ts") },
      { find: /^gpen-webgpu\/photo$/, replacement: at("../src/photo/index.ts") },
    ],
  },
  plugins: [detectorWeights(), minifiedWgsl(), contentPolicy()],
  server: { fs: { allow: [at("..")] } },
  build: {
    target: "es2022",
    outDir: at("../out/site"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

function contentPolicy(): Plugin {
  return {
    name: "content-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

/**
 * The face detector's weights, made of the packages that publish them, where the page imports them; and
 * the licences of what a published page gives away.
 */
function detectorWeights(): Plugin {
  return {
    name: "detector-weights",
    async buildStart() {
      const folder = at("../node_modules/.cache/gpen-webgpu/");
      mkdirSync(folder, { recursive: true });
      const { weights, notice } = await faceDetectorFiles();
      writeFileSync(`${folder}face_detector.safetensors`, weights);
      const font = at("../node_modules/@fontsource-variable/archivo/LICENSE");
      const texts = [at("../LICENSE"), font].map((file) => readFileSync(file, "utf8"));
      writeFileSync(`${folder}licences.txt`, [...texts, notice].join("\n\n---\n\n"));
    },
  };
}
