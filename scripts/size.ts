import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { build } from "vite";

const DIST = "out/size";
const KILO = 1000;

/** A page that restores faces: the engine, its shaders and the safetensors reader. */
const PAGE = `import { openGpu, loadGpen, restore } from "index";
  globalThis.page = [openGpu, loadGpen, restore];`;
/** The same for another module to import. */
const RESTORE = 'export { openGpu, loadGpen, restore } from "index";';

/** What a user imports, and how many kB gzip of it a page may load. */
interface Budget {
  readonly name: string;
  readonly code: string;
  readonly kB: number;
  /** Counted is what `code` adds to this. */
  readonly beside?: string;
  /** Where it is meant to get to, if that is less. */
  readonly aim?: number;
}

const BUDGETS: readonly Budget[] = [
  { name: "restore path", code: PAGE, kB: 25.3, aim: 22 },
  { name: "all of .", code: 'export * from "index";', kB: 45 },
  entry("importers", 20.8),
  entry("photo", 15),
  entry("download", 9),
  entry("element", 6.5),
];

function entry(name: string, kB: number): Budget {
  return { name: `./${name}`, code: `${RESTORE} export * from "${name}";`, kB, beside: RESTORE };
}

/** npm run size: builds the package, bundles each entry as a user's bundler does, and weighs it. */
async function main(): Promise<number> {
  await build({
    configLoader: "runner",
    logLevel: "warn",
    build: { outDir: DIST, emptyOutDir: true },
  });
  const sizes: { readonly name: string; readonly bytes: number; readonly kB: number }[] = [];
  for (const { name, code, kB, beside, aim } of BUDGETS) {
    const chunks = await bundle(code);
    const bytes = loaded(chunks) - (beside ? loaded(await bundle(beside)) : 0);
    sizes.push({ name, bytes, kB });
    const fits = bytes <= kB * KILO ? "" : "  OVER BUDGET";
    const short = aim && bytes > aim * KILO ? `  NOT YET ${aim} kB` : "";
    console.log(`${name.padEnd(14)}${beside ? "+" : " "}${show(bytes)} of ${kB} kB${fits}${short}`);
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

/** Bytes of what is loaded at once. */
function loaded(chunks: readonly Chunk[]): number {
  return sum(chunks.filter(({ lazy }) => !lazy));
}

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
