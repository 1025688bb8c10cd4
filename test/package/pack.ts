import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the package is made of, by folder or file. */
const SOURCES = [
  "src",
  "shaders",
  "build",
  "package.json",
  "vite.config.ts",
  "tsconfig.types.json",
];

export interface Packed {
  /** A folder of a user's, with the package in its node_modules. */
  readonly app: string;
  /** Of the tarball, with sizes in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

/** Builds the package if what is built is older than the sources, packs it and unpacks it for a user. */
export function pack(): Packed {
  if (isStale()) run("npm", ["run", "build"], ROOT);
  const app = mkdtempSync(join(tmpdir(), "gpen-package-"));
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", app];
  const [{ filename, files }] = JSON.parse(run("npm", args, ROOT)) as PackReport[];
  const modules = join(app, "node_modules");
  mkdirSync(modules);
  run("tar", ["-xzf", join(app, filename), "-C", modules], app);
  cpSync(join(modules, "package"), join(modules, "gpen-webgpu"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules/vite"), join(modules, "vite"));
  return { app, files: new Map(files.map(({ path, size }) => [path, size])) };
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Runs a program to its end and returns what it printed; throws with that if it failed. */
export function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: "pipe", timeout: 240_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}

/** A program of the checkout's node_modules. */
export function tool(name: string): string {
  return join(ROOT, "node_modules/.bin", name);
}

function isStale(): boolean {
  const built = ["dist/index.js", "dist/gpen.js", "dist/types/index.d.ts"].map((file) =>
    join(ROOT, file),
  );
  if (!built.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return SOURCES.some((source) => newest(join(ROOT, source)) > oldest);
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(...readdirSync(path).map((name) => newest(join(path, name))));
}
