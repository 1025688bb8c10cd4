import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { ROOT } from "./entries";

/**
 * Installs the generator if it is not there in the pinned version: `npm ci` in this folder, without
 * running any install script. The engine itself never needs it.
 *
 * Units     5 MB are downloaded, 46 MB unpacked
 * Errors    Error in one sentence if npm fails, most likely for want of a network
 */
async function install(): Promise<void> {
  const { dependencies } = packageOf("") as { dependencies: Record<string, string> };
  const names = Object.entries(dependencies);
  if (names.every(([name, version]) => packageOf(`node_modules/${name}/`).version === version)) {
    return;
  }
  const wanted = names.map((pair) => pair.join(" ")).join(" and ");
  console.error(`docs: installing ${wanted} into ${ROOT}docs, once (46 MB unpacked)`);
  const code = await npmCi();
  if (code === 0) return;
  throw new Error(
    `docs: ${wanted} could not be installed (npm ci ended with ${code}); connect to a network and try again`,
  );
}

function packageOf(folder: string): { readonly version?: string } {
  try {
    return JSON.parse(readFileSync(`${ROOT}docs/${folder}package.json`, "utf8"));
  } catch {
    return {};
  }
}

function npmCi(): Promise<number | null> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Windows finds npm.cmd through a shell only.
  const shell = process.platform === "win32";
  const child = spawn("npm", args, { cwd: `${ROOT}docs`, stdio: ["ignore", 2, 2], shell });
  return new Promise((done) => child.once("error", () => done(127)).once("exit", done));
}

install().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
