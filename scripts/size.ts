import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { build } from "vite";

const OUT = "out/size";
const KILO = 1000;

/** What a user imports, and how many kB gzip of it a browser may load. */
interface Budget {
  readonly name: string;
  readonly code: string;
  readonly kB: number;
}

const BUDGETS: readonly Budget[] = [
  { name: "restore path", code: 'export { openGpu, loadGpen, restore } from "index"', kB: 22 },
  { name: ".", code: 'export * from "index"', kB: 45 },
  { name: "./importers", code: 'export * from "importers"', kB: 22 },
  { name: "./photo", code: 'export * from "photo"', kB: 60 },
  { name: "./download", code: 'export * from "download"', kB: 12 },
  { name: "./element", code: 'export * from "element"', kB: 60 },
];

/** npm run size: builds the package, bundles each entry as a user's bundler does, and weighs it. */
async function main(): Promise<number> {
  const dist = join(OUT, "dist");
  await build({ logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
  let over = 0;
  let total = 0;
  for (const { name, code, kB } of BUDGETS) {
    const file = join(dist, `${/from "(\w+)"/.exec(code)![1]}.js`);
    if (!existsSync(file)) continue;
    const chunks = await bundle(code.replace(/"(\w+)"/, JSON.stringify(resolve(file))));
    const [loaded, later] = [chunks.filter((c) => !c.lazy), chunks.filter((c) => c.lazy)];
    const bytes = loaded.reduce((sum, chunk) => sum + chunk.bytes, 0);
    const fits = bytes <= kB * KILO;
    if (!fits) over++;
    if (name !== "restore path") total += chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    console.log(`${name.padEnd(14)} ${show(bytes)} of ${kB} kB${fits ? "" : "  OVER BUDGET"}`);
    for (const chunk of later) console.log(`  later ${show(chunk.bytes)}  ${chunk.name}`);
  }
  console.log(`all entries, each by itself, with what they load later: ${show(total)}`);
  return over > 0 ? 1 : 0;
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
  const bundled = await rolldown({
    input: entry,
    external: [/^node:/],
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
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
  chunks.filter((chunk) => chunk.isEntry).forEach((chunk) => load(chunk.fileName));
  return chunks.map(({ fileName, code }) => ({
    name: fileName,
    bytes: gzipSync(code, { level: 9 }).length,
    lazy: !loaded.has(fileName),
  }));
}

function show(bytes: number): string {
  return `${(bytes / KILO).toFixed(2)} kB`.padStart(9);
}

process.exit(await main());
