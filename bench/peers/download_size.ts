import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { peerFile } from "./install";

export interface Download {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** A page's downloads before any weights, each as gzip makes it at level 9. */
export interface Downloads {
  readonly ours: readonly Download[];
  readonly theirs: readonly Download[];
  readonly oursBytes: number;
  readonly theirsBytes: number;
}

const DIST = new URL("../../dist/", import.meta.url);

/**
 * What a page downloads to run a model: of ours dist/index.js with all that it imports and the reader
 * of safetensors, which is loaded when a file turns out to be one; of onnxruntime-web its module for
 * WebGPU and the wasm that this names.
 *
 * Units     bytes; totals are of the gzipped files
 * Errors    Error naming the file that is missing: build the package, install the peers
 */
export async function downloadSizes(): Promise<Downloads> {
  const [ours, theirs] = [await ourFiles(), await theirFiles()];
  const total = (files: readonly Download[]) =>
    files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
  return { ours, theirs, oursBytes: total(ours), theirsBytes: total(theirs) };
}

async function ourFiles(): Promise<Download[]> {
  const wanted = ["index.js"];
  const found: Download[] = [];
  for (const name of wanted) {
    const content = await bytesOf(new URL(name, DIST), "run npm run build");
    found.push(download(name, content));
    for (const chunk of chunksOf(content.toString("utf8"))) {
      if (!wanted.includes(chunk)) wanted.push(chunk);
    }
  }
  return found;
}

/** Files that are imported with this one, and the reader of the one format that pages are served. */
function chunksOf(script: string): string[] {
  const along = script.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g);
  const later = script.matchAll(/import\(\s*["'`]\.\/(safetensors[\w.-]*\.js)["'`]\s*\)/g);
  return [...along, ...later].map(([, name]) => name);
}

async function theirFiles(): Promise<Download[]> {
  const module = "ort.webgpu.bundle.min.mjs";
  const fetched = async (name: string) =>
    bytesOf(peerFile("onnxruntime-web", `dist/${name}`), "install the peers");
  const script = await fetched(module);
  const names = new Set(script.toString("utf8").match(/ort-wasm[\w.-]*\.wasm/g));
  const wasm = [...names].map(async (name) => download(name, await fetched(name)));
  return [download(module, script), ...(await Promise.all(wasm))];
}

function download(name: string, content: Buffer): Download {
  const gzipBytes = gzipSync(content, { level: 9 }).length;
  return { name, bytes: content.length, gzipBytes };
}

async function bytesOf(file: string | URL, remedy: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`bench: ${file} cannot be read (${error.code}); ${remedy} first`);
  });
}
