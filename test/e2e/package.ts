import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { build } from "vite";
import { BUILD, ROOT } from "./servers";

/**
 * Builds an example that has a package.json as its owner would, with the library under node_modules:
 * as npm would install it, but for the types. Returns the path of the page for the static server.
 */
export async function buildExample(name: string): Promise<string> {
  const project = `out/e2e/${name}`;
  const installed = `${ROOT}${project}/node_modules/gpen-webgpu`;
  rmSync(`${ROOT}${project}`, { recursive: true, force: true });
  cpSync(`${ROOT}examples/${name}`, `${ROOT}${project}`, {
    recursive: true,
    filter: (path) => !/node_modules|dist$/.test(path.slice(ROOT.length)),
  });
  mkdirSync(installed, { recursive: true });
  cpSync(`${ROOT}package.json`, `${installed}/package.json`);
  symlinkSync(BUILD, `${installed}/dist`);
  symlinkSync(`${ROOT}models`, `${installed}/models`);
  await build({
    root: `${ROOT}${project}`,
    base: "./",
    logLevel: "error",
    build: { target: "es2022", assetsInlineLimit: 0 },
  });
  return `/${project}/dist/index.html`;
}
