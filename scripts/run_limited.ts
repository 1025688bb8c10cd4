import { spawn } from "node:child_process";

/** The exit code of a process that was stopped because it took too long, as timeout(1) has it. */
export const STOPPED = 124;

/**
 * Runs a program of this project's dependencies with its output shown, and stops it together with
 * all it has started after `minutes`: a driver that hangs in native code ignores vitest's timeouts.
 */
export function runLimited(
  tool: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  minutes: number,
): Promise<number> {
  const windows = process.platform === "win32";
  const child = spawn(`node_modules/.bin/${tool}`, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: windows,
    detached: !windows, // a process group of its own, which can be stopped as one
  });
  let stopped = false;
  const stop = () => {
    try {
      if (windows) child.kill("SIGKILL");
      else if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // the group is gone already
    }
  };
  const timer = setTimeout(() => {
    stopped = true;
    console.error(`test: ${tool} was stopped after ${minutes} minutes`);
    stop();
  }, minutes * 60_000);
  process.once("exit", stop);
  const interrupt = () => process.exit(130);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return new Promise((done) => {
    const end = (code: number) => {
      clearTimeout(timer);
      process.off("exit", stop).off("SIGINT", interrupt).off("SIGTERM", interrupt);
      done(stopped ? STOPPED : code);
    };
    child.on("error", () => end(1));
    child.on("exit", (code) => end(code ?? 1));
  });
}
