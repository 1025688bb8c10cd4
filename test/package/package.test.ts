import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Packed, pack, run, tool } from "./pack";

/** What a user imports of each entry point. */
const USER = `
import { canRun, type Gpen, loadGpen, openGpu, restore, ShapeError } from "gpen-webgpu";
import { type ByteSource, WeightsError } from "gpen-webgpu";
import { type Format, onnx, pytorch } from "gpen-webgpu/importers";
import { restorePhoto } from "gpen-webgpu/photo";
import * as download from "gpen-webgpu/download";
import * as node from "gpen-webgpu/node";
import type { FaceEvents } from "gpen-webgpu/element";

const formats: readonly Format[] = [pytorch, onnx];
export async function face(source: ByteSource, data: Uint8ClampedArray): Promise<number> {
  const gpu = await openGpu();
  const model: Gpen = await loadGpen(gpu, source, { formats, precision: "f32" });
  const { pixels, ms } = await restore(model, { data, width: 8, height: 8 }, { strength: 0.5 });
  return pixels.width + ms;
}
export function count(document: Document): void {
  const element = document.createElement("gpen-face");
  const sum = (event: FaceEvents["load"]): number => event.detail.faces + event.detail.ms;
  element.addEventListener("load", sum, { once: true });
  element.removeEventListener("load", sum);
  element.addEventListener("load", ({ detail }) => detail.faces.toFixed());
  element.addEventListener("progress", ({ detail }) => detail.phase === "restore" && detail.done);
  element.addEventListener("click", (event) => event.clientX);
  element.addEventListener("custom", { handleEvent() {} });
  // @ts-expect-error there is no such detail
  element.addEventListener("load", ({ detail }) => detail.face);
}
// @ts-expect-error precision is one of three words
export const wrong = loadGpen(await openGpu(), "a", { precision: "f64" });
export const used = [canRun, ShapeError, WeightsError, restorePhoto, download, node];
`;

let packed: Packed;

beforeAll(() => {
  packed = pack();
}, 300_000);

afterAll(() => rmSync(packed.app, { recursive: true, force: true }));

const isWeights = (file: string) => file.endsWith(".safetensors");

test("the tarball holds the build, the models and the licence, and 1 MB at most beside weights", () => {
  const names = [...packed.files.keys()];
  const expected =
    /^(dist\/[\w.-]+\.(js|txt|safetensors)|dist\/types\/[\w/]+\.d\.ts|models\/(README\.md|gpen-tiny-128\.safetensors)|(README|LICENSE|CHANGELOG|package)(\.\w+)?)$/;
  expect(names.filter((name) => !expected.test(name))).toEqual([]);
  expect(names).toContain("LICENSE");
  expect(names.filter(isWeights).sort()).toEqual([
    "dist/face_detector.safetensors",
    "models/gpen-tiny-128.safetensors",
  ]);
  const folder = join(packed.app, "node_modules/gpen-webgpu");
  const sizes = names
    .filter((name) => !isWeights(name))
    .map((name) => gzipSync(readFileSync(join(folder, name))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1e6);
});

test("the package depends on nothing, and every entry point is there", () => {
  const file = join(packed.app, "node_modules/gpen-webgpu/package.json");
  const json = JSON.parse(readFileSync(file, "utf8"));
  expect(json.dependencies ?? {}).toEqual({});
  for (const name of Object.keys(json.peerDependencies))
    expect(json.peerDependenciesMeta[name], name).toEqual({ optional: true });
  const targets = Object.values(json.exports).flatMap((to) =>
    typeof to === "string" ? [to] : Object.values(to as Record<string, string>),
  );
  for (const to of targets.filter((each) => !each.includes("*")))
    expect([...packed.files.keys()]).toContain(to.slice(2));
});

test.each(["Bundler", "Node16", "NodeNext"])("types are right under moduleResolution %s", (way) => {
  const folder = join(packed.app, `types-${way}`);
  const compilerOptions = {
    ...{ target: "ES2022", strict: true, noEmit: true, skipLibCheck: false },
    ...{ module: way === "Bundler" ? "ESNext" : way, moduleResolution: way },
    ...{ lib: ["ES2023", "DOM", "DOM.Iterable"], types: [] },
  };
  mkdirSync(folder);
  writeFileSync(join(folder, "user.mts"), USER);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["user.mts"] }),
  );
  expect(run(tool("tsc"), ["-p", folder], packed.app)).toBe("");
});

/** Builds a page with this script, as Vite does with no configuration of the user's. */
async function page(name: string, script: string): Promise<Rolldown.RolldownOutput["output"]> {
  const root = join(packed.app, name);
  mkdirSync(root);
  writeFileSync(join(root, "index.html"), `<script type="module" src="/main.js"></script>`);
  writeFileSync(join(root, "main.js"), script);
  const built = await build({ root, configFile: false, logLevel: "error" });
  return (built as Rolldown.RolldownOutput).output;
}

/** What the page loads at once, gzip bytes. */
function loadedBytes(output: Rolldown.RolldownOutput["output"]): number {
  const chunks = new Map(
    output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file]] : [])),
  );
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    chunks.get(name)?.imports.forEach(load);
  };
  for (const { fileName, isEntry } of chunks.values()) if (isEntry) load(fileName);
  return [...loaded].reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code).length, 0);
}

test("an empty Vite app builds with it, weights as files of their own", async () => {
  const output = await page(
    "app",
    `import { loadGpen, openGpu, restore } from "gpen-webgpu";
     import model from "gpen-webgpu/gpen-tiny-128.safetensors?url";
     window.run = async (image) => restore(await loadGpen(await openGpu(), model), image);`,
  );
  const assets = output.filter(({ type }) => type === "asset").map(({ fileName }) => fileName);
  expect(assets.filter(isWeights).length).toBe(1);
  expect(assets.some((name) => /gpen-tiny-128.*\.safetensors$/.test(name))).toBe(true);
  // What npm run size measures to the byte, and what Vite adds to load chunks.
  expect(loadedBytes(output)).toBeLessThan(32e3);
});

test("the face detector's weights come along with who finds faces, and with nobody else", async () => {
  const output = await page(
    "photo",
    `import { loadGpen, openGpu } from "gpen-webgpu";
     import { restorePhoto } from "gpen-webgpu/photo";
     window.run = async (photo) => restorePhoto(await loadGpen(await openGpu(), "m"), photo);`,
  );
  const weights = output.map(({ fileName }) => fileName).filter(isWeights);
  expect(weights.length).toBe(1);
  expect(weights[0]).toMatch(/face_detector.*\.safetensors$/);
});

test("who imports one error loads less than 1 kB", async () => {
  const output = await page(
    "shaken",
    `import { ShapeError } from "gpen-webgpu"; console.log(new ShapeError("a"));`,
  );
  const preload = await page("nothing", `console.log("a");`);
  expect(loadedBytes(output) - loadedBytes(preload)).toBeLessThan(1000);
});

test("the command says which packages it needs", () => {
  const cli = join(packed.app, "node_modules/gpen-webgpu/dist/gpen.js");
  const failing = (...args: string[]) => {
    try {
      return run("node", [cli, ...args], packed.app);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(run("node", [cli, "--version"], packed.app)).toMatch(/^\d+\.\d+\.\d+\n$/);
  writeFileSync(join(packed.app, "a.png"), "");
  const said = failing("restore", "a.png", "b.png", "--aligned", "--model", "gpen-tiny-128");
  expect(said).toMatch(/npm install (sharp|webgpu)/);
  expect(said.split("\n").filter((line) => /npm install/.test(line)).length).toBe(1);
  expect(readdirSync(packed.app)).not.toContain("b.png");
});
