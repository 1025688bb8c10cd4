import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { build } from "vite";

const DIST = "out/size";
const KILO = 1000;

/** The engine, its shaders and the safetensors reader. */
const RESTORE = 'export { openGpu, loadGpen, restore } from "index";';

/** What a user imports, and how many kB gzip of it a page may load; entries add to the restore path. */
interface Budget {
  readonly name: string;
  readonly code: string;
  readonly kB: number;
  readonly added: boolean;
}

const BUDGETS: readonly Budget[] = [
  { name: "restore path", code: RESTORE, kB: 22, added: false },
  { name: "all of .", code: 'export * from "index";', kB: 45, added: false },
  entry("importers", 20.8),
  entry("photo", 15.3),
  entry("download", 9),
  entry("element", 6.5),
];

function entry(name: string, kB: number): Budget {
  return { name: `./${name}`, code: `${RESTORE} export * from "${name}";`, kB, added: true };
}

/** npm run size: builds the package, bundles each entry as a user's bundler does, and weighs it. */
async function main(): Promise<number> {
  await build({
    configLoader: "runner",
    logLevel: "warn",
    build: { outDir: DIST, emptyOutDir: true },
  });
  const sizes: { readonly name: string; readonly bytes: number; readonly kB: number }[] = [];
  let path = 0;
  for (const { name, code, kB, added } of BUDGETS) {
    const chunks = await bundle(code);
    const loaded = sum(chunks.filter(({ lazy }) => !lazy));
    if (name === "restore path") path = loaded;
    const bytes = added ? loaded - path : loaded;
    sizes.push({ name, bytes, kB });
    const fits = bytes <= kB * KILO ? "" : "  OVER BUDGET";
    console.log(`${name.padEnd(14)}${added ? "+" : " "}${show(bytes)} of ${kB} kB${fits}`);
    // What all load later is listed once, under the whole of the main entry.
    const later = name === "restore path" ? [] : chunks.filter(({ lazy }) => lazy);
    for (const chunk of later.filter(({ name }) => !listed.has(name))) {
      console.log(`    ${show(chunk.bytes)}  ${chunk.name}, where it is needed`);
      listed.add(chunk.name);
    }
  }
  const entries = ["index", "importers", "photo", "download", "element"];
  const all = await bundle(
    entries.map((name, i) => `export * as e${i} from "${name}";`).join("\n"),
  );
  console.log(`everything     ${show(sum(all))}, chunks that are loaded later included`);
  return sizes.some(({ bytes, kB }) => bytes > kB * KILO) ? 1 : 0;
}

const listed = new Set<string>();

function sum(chunks: readonly Chunk[]): number {
  return chunks.reduce((total, { bytes }) => total + bytes, 0);
}

interface Chunk {
  readonly name: string;
  readonly bytes: number;
  /** Loaded by import() only. */
  readonly lazy: boolean;
}

/** The chunks that a page with this module would load, minified, gzip -9. */
async function bundle(code: string): Promise<Chunk[]> {
  const entry = "\0entry";
  const built = code.replace(/"(\w+)"/g, (_, name) => JSON.stringify(resolve(DIST, `${name}.js`)));
  const bundled = await rolldown({
    input: entry,
    external: [/^node:/],
    logLevel: "silent", // entries that are bundled together import one another
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? built : undefined),
      },
    ],
  });
  const { output } = await bundled.generate({ format: "es", minify: true });
  const chunks = output.filter((file) => file.type === "chunk");
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file) || !byName.has(file)) return;
    loaded.add(file);
    byName.get(file)!.imports.forEach(load);
  };
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName);
  return chunks.map(({ fileName, code }) => ({
    name: fileName.replace(/(-[\w-]{8})+\.js$/, ""),
    bytes: gzipSync(code, { level: 9 }).length,
    lazy: !loaded.has(fileName),
  }));
}

function show(bytes: number): string {
  return `${(bytes / KILO).toFixed(2)} kB`.padStart(9);
}

process.exit(await main());
