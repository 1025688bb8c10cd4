import { resolve } from "node:path";
import type { Plugin } from "vite";

/** What everybody who restores a face loads. */
const CORE = ["src/gpu/open.ts", "src/restore/load.ts", "src/restore/restore.ts"];

/**
 * One chunk of all modules that the restore path imports, and of nothing else. Left to itself the
 * bundler makes a chunk of every set of modules that several lazy parts share: a dozen requests, each
 * compressed by itself. The shaders lie together in a second one, which saves half a kilobyte of gzip:
 * they have more in common with each other than with the code around them.
 */
export function coreChunks() {
  const core = new Set<string>();
  const plugin: Plugin = {
    name: "core-chunks",
    buildEnd() {
      const collect = (id: string) => {
        if (core.has(id)) return;
        core.add(id);
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) collect(imported);
      };
      for (const root of CORE) collect(resolve(root));
    },
  };
  const groups = [
    { name: "shaders", test: (id: string) => core.has(id) && id.endsWith(".wgsl?raw") },
    { name: "core", test: (id: string) => core.has(id) },
  ];
  return { plugin, groups };
}
