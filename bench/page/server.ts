import { createReadStream, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { InlineConfig, Plugin } from "vite";
import { commitOf, ROOT } from "../environment";
import { ensurePeers, peerFile } from "../peers/install";
import { PEER_FOLDER, PEER_MODULE } from "./peer";

/** What the page fetches of onnxruntime-web: the module, and the wasm that it names. */
const PEER_FILES = [PEER_MODULE, "ort-wasm-simd-threaded.asyncify.wasm"];

/** Isolated pages have clocks of 5 µs instead of 0.1 ms, and threads for onnxruntime's wasm. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface PageServerOptions {
  /** Whether to install the peer first, if it is not there. */
  readonly install: boolean;
}

/** How Vite serves and builds the page. Nothing is watched: a reload would end a measurement. */
export function pageConfig({ install }: PageServerOptions): InlineConfig {
  return {
    root: fileURLToPath(new URL(".", import.meta.url)),
    base: "./",
    publicDir: false,
    appType: "mpa", // what is not there is a 404, not this page again
    define: { __GPEN_COMMIT__: JSON.stringify(commitOf()) },
    plugins: [peerFiles(install)],
    server: {
      headers: ISOLATED,
      fs: { allow: [ROOT] },
      hmr: false,
      watch: null,
    },
    // a dependency that Vite finds late reloads the page
    optimizeDeps: { include: ["echarts"] },
    preview: { headers: ISOLATED },
    build: {
      target: "es2022",
      outDir: `${ROOT}out/bench-page`,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1500,
    },
  };
}

/** onnxruntime-web as it was installed, unchanged, beside the page. */
function peerFiles(install: boolean): Plugin {
  const path = (name: string) => peerFile("onnxruntime-web", `dist/${name}`);
  const there = () => PEER_FILES.filter((name) => existsSync(path(name)));
  return {
    name: "peer-files",
    async buildStart() {
      // without a network the page still measures ours, and says why it is alone
      if (install) await ensurePeers().catch((error: Error) => this.warn(error.message));
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${PEER_FOLDER}`, (request, response, next) => {
        const name = there().find((file) => request.url?.split("?")[0] === `/${file}`);
        if (name === undefined) return next();
        const type = name.endsWith("wasm") ? "application/wasm" : "text/javascript";
        for (const [key, value] of Object.entries(ISOLATED)) response.setHeader(key, value);
        response.setHeader("Content-Type", type);
        createReadStream(path(name)).pipe(response);
      });
    },
    generateBundle() {
      for (const name of there()) {
        const source = readFileSync(path(name));
        this.emitFile({ type: "asset", fileName: `${PEER_FOLDER}/${name}`, source });
      }
    },
  };
}
