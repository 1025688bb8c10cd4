import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { build, type Rolldown } from "vite";
import { BUILD, ROOT } from "./servers";

/**
 * Builds an example that has a package.json as its owner would, with the library under node_modules:
 * as npm would install it, but for the types. Returns the path of the page for the static server.
 */
export async function buildExample(name: string): Promise<string> {
  const project = installExample(name);
  await build({
    root: `${ROOT}${project}`,
    base: "./",
    logLevel: "error",
    build: { target: "es2022", assetsInlineLimit: 0 },
  });
  return `/${project}/dist/index.html`;
}

/** What a bundler makes of one import of the library, as one text. */
export async function bundled(statement: string): Promise<string> {
  const project = installExample("vite");
  const entry = `${ROOT}${project}/entry.js`;
  writeFileSync(entry, statement);
  const options = { write: false, target: "es2022", rolldownOptions: { input: entry } };
  const made = await build({ root: `${ROOT}${project}`, logLevel: "error", build: options });
  const { output } = made as Rolldown.RolldownOutput;
  return output.map((each) => (each.type === "chunk" && each.isEntry ? each.code : "")).join("");
}

function installExample(name: string): string {
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
  return project;
}
