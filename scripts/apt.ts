import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** A step that cannot be done on this machine; the message is one sentence that says what to run. */
export class SetupError extends Error {
  override name = "SetupError";
}

/** Debian and Ubuntu have apt-get; nothing is installed on other systems. */
export function hasApt(): boolean {
  return existsSync("/etc/debian_version") && spawnSync("apt-get", ["--version"]).status === 0;
}

/** The version that apt would install, "" if the machine's sources have none. */
export function candidate(name: string): string {
  const { stdout } = spawnSync("apt-cache", ["policy", name], { encoding: "utf8" });
  const version = /^ *Candidate: *(\S+)/m.exec(stdout ?? "")?.[1] ?? "";
  return version === "(none)" ? "" : version;
}

/** Number before the first dot, without the epoch: 22 of "22.3.6-1+deb12u2". */
export function majorVersion(version: string): number {
  return Number.parseInt(version.replace(/^\d+:/, ""), 10) || 0;
}

export function updateSources(): void {
  apt(["update"]);
}

/** Installs packages from the machine's own sources, or from `release` of those. */
export function install(names: readonly string[], release?: string): void {
  console.log(`setup: installing ${names.join(", ")}${release ? ` from ${release}` : ""}`);
  const target = release ? ["-t", release] : [];
  apt(["install", "-y", "--no-install-recommends", ...target, ...names]);
}

function apt(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync("apt-get", ["-q", ...args], {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    maxBuffer: 1 << 26,
  });
  if (status === 0) return;
  const reason = /^E: .*/m.exec(`${stderr}${stdout}`)?.[0] ?? `exit code ${status}`;
  throw new SetupError(
    `setup: apt-get ${args.join(" ")} failed (${reason}); run it by hand and then this again`,
  );
}

/** "bookworm", "noble", ... */
export function release(): string {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^VERSION_CODENAME=(.*)$/m.exec(text)?.[1] ?? "";
}

/**
 * Adds the backports of this Debian release to the package sources, from the mirror that the machine
 * already uses for its main packages, and returns their name.
 */
export function addBackports(): string {
  const codename = release();
  const name = `${codename}-backports`;
  const targets = spawnSync(
    "apt-get",
    ["indextargets", "--format", "$(CODENAME) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"],
    { encoding: "utf8" },
  ).stdout;
  const lines = targets.split("\n").map((line) => line.split(" "));
  if (lines.some(([suite]) => suite === name)) return name;
  const mirror = lines.find(([suite, part]) => suite === codename && part === "main")?.[2];
  if (!mirror) {
    throw new SetupError(
      `setup: no package source for ${codename || "this release"} was found; add ${name} to /etc/apt/sources.list.d by hand`,
    );
  }
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  const file = `/etc/apt/sources.list.d/${name}.list`;
  console.log(`setup: adding the package source ${name} (${file})`);
  writeFileSync(file, `deb ${signed}${mirror} ${name} main\n`);
  updateSources();
  return name;
}
