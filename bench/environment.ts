import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, type } from "node:os";
import { fileURLToPath } from "node:url";
import type { Gpu } from "../src/gpu/open";
import type { Environment } from "./result";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What the numbers of a run in Node depend on. */
export function environmentOf(gpu: Gpu): Environment {
  const info = gpu.device.adapterInfo;
  return {
    adapter: gpu.name,
    driver: info?.description ?? "",
    software: gpu.software,
    runtime: `node ${process.versions.node}, webgpu ${versionOf("webgpu")}`,
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`,
    os: `${type()} ${release()}`,
  };
}

/** The version of an installed package; "" if it does not say. */
export function versionOf(name: string): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
  } catch {
    return "";
  }
}

/** The commit of the checkout, "-dirty" appended where tracked files have changes; "" if unknown. */
export function commitOf(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    const changed = git("status", "--porcelain", "--untracked-files=no").trim() !== "";
    return `${git("rev-parse", "--short=12", "HEAD").trim()}${changed ? "-dirty" : ""}`;
  } catch {
    return "";
  }
}
