import { resolve } from "node:path";
import type { Plugin } from "vite";

/** What everybody who restores a face loads. */
const CORE = ["src/gpu/open.ts", "src/restore/load.ts", "src/restore/restore.ts"];
/** Entry points that do without it. */
const APART = ["src/importers/index.ts", "src/download/index.ts"];

/**
 * One chunk of all modules that the restore path imports, and of nothing else; those among them that
 * other entry points share lie in a second one, so that these need not load the first. Left to itself
 * the bundler makes a chunk of every set of modules that several lazy parts share: a dozen requests,
 * each compressed by itself. The shaders lie together in a third one, which saves half a kilobyte of gzip:
 * they have more in common with each other than with the code around them.
 */
export function coreChunks() {
  const core = new Set<string>();
  const apart = new Set<string>();
  const plugin: Plugin = {
    name: "core-chunks",
    buildEnd() {
      const collect = (id: string, into: Set<string>) => {
        if (into.has(id)) return;
        into.add(id);
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) collect(imported, into);
      };
      for (const root of CORE) collect(resolve(root), core);
      for (const root of APART) collect(resolve(root), apart);
    },
  };
  const groups = [
    { name: "shaders", test: (id: string) => core.has(id) && id.endsWith(".wgsl?raw") },
    { name: "base", test: (id: string) => core.has(id) && apart.has(id) },
    { name: "core", test: (id: string) => core.has(id) && !apart.has(id) },
  ];
  return { plugin, groups };
}
