import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The folder of the peers' own package.json, lock file and node_modules. */
const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs what the engine is compared with, unless it is there in the pinned versions: `npm ci` in
 * this folder, without running any install script (they would fetch CUDA). The engine itself never
 * needs it.
 *
 * Units     146 MB are downloaded, 440 MB unpacked: native libraries of every platform
 * Errors    Error in one sentence if npm fails, most likely for want of a network
 */
export async function ensurePeers(say: (line: string) => void = console.error): Promise<void> {
  if (await hasPeers()) return;
  const wanted = await pinnedVersions();
  const names = wanted.map((pair) => pair.join(" ")).join(" and ");
  say(
    `bench: installing ${names} into ${FOLDER}, once, to compare with (a download of 146 MB, 440 MB unpacked)`,
  );
  const code = await npmCi();
  if (code !== 0) {
    throw new Error(
      `bench: the peers ${names} could not be installed (npm ci ended with ${code}); connect to a network and try again, or leave the peers out`,
    );
  }
}

/** Whether ensurePeers() would have nothing to do. */
export async function hasPeers(): Promise<boolean> {
  const wanted = await pinnedVersions();
  const found = await Promise.all(wanted.map(([name]) => installedVersion(name)));
  return wanted.every(([, version], i) => version === found[i]);
}

/** The file `path` inside an installed peer. */
export function peerFile(name: string, path: string): string {
  return `${FOLDER}node_modules/${name}/${path}`;
}

async function pinnedVersions(): Promise<[name: string, version: string][]> {
  const text = await readFile(`${FOLDER}package.json`, "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return Object.entries(dependencies);
}

/** The version of an installed peer, undefined if it is not installed. */
export async function installedVersion(name: string): Promise<string | undefined> {
  const text = await readFile(peerFile(name, "package.json"), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { version?: string }).version;
}

function npmCi(): Promise<number | null> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Windows finds npm.cmd through a shell only.
  const shell = process.platform === "win32";
  const child = spawn("npm", args, { cwd: FOLDER, stdio: ["ignore", 2, 2], shell });
  return new Promise((done) => child.once("error", () => done(127)).once("exit", done));
}
