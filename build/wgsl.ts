import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { minifierFor } from "./minify_wgsl.ts";

const FOLDER = new URL("../shaders/", import.meta.url);

/** Minifies the shaders that come in as text (`x.wgsl?raw`). */
export function minifiedWgsl(): Plugin {
  const files = readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".wgsl"));
  const minify = minifierFor(files.map((file) => readFileSync(new URL(file, FOLDER), "utf8")));
  return {
    name: "minified-wgsl",
    enforce: "pre",
    load(id) {
      const file = /^(.*\.wgsl)\?raw$/.exec(id)?.[1];
      if (!file) return;
      this.addWatchFile(file);
      return `export default ${JSON.stringify(minify(readFileSync(file, "utf8")))};`;
    },
  };
}
