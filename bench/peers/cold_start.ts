import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Provider } from "./onnxruntime";

export interface ColdOptions {
  /** The network as a safetensors file, for us. */
  readonly weights: string;
  /** The same network as an ONNX file, for the peer. */
  readonly model: string;
  readonly provider: Provider;
  readonly precision?: "f32" | "f16";
  /** Pairs of processes; 3 by default. */
  readonly runs?: number;
  /** Limit of one process in milliseconds; five minutes by default. */
  readonly limitMs?: number;
}

export interface ColdRun {
  /** From the start of the process to the line that says that the first picture is there. */
  readonly wallMs: number;
  /** What the process did in that time, as far as it knows: import_ms, load_ms, first_ms, ... */
  readonly phases: Readonly<Record<string, number>>;
}

export interface ColdTimes {
  readonly ours: readonly ColdRun[];
  readonly theirs: readonly ColdRun[];
}

/** Drivers keep compiled shaders on disk: Mesa, and NVIDIA's. A cold start has none. */
const NO_CACHES = { MESA_SHADER_CACHE_DISABLE: "true", __GL_SHADER_DISK_CACHE: "0" };

/**
 * How long a process takes from its start to the first picture, for us and for onnxruntime, in
 * alternating order: both files on disk (and in the page cache after the first pair), drivers'
 * shader caches off. Ours is the built package, so build it first.
 *
 * Units     milliseconds
 * Errors    Error in one sentence, with what the process said last, if one fails or takes too long
 */
export async function coldStart(options: ColdOptions): Promise<ColdTimes> {
  const { weights, model, provider, precision = "f32", runs = 3, limitMs = 300_000 } = options;
  if (!existsSync(new URL("../../dist/node.js", import.meta.url))) {
    throw new Error("bench: dist/node.js is not there; run npm run build first");
  }
  const ours: ColdRun[] = [];
  const theirs: ColdRun[] = [];
  const jobs = [
    async () => void ours.push(await oneStart("cold_ours.mjs", [weights, precision], limitMs)),
    async () => void theirs.push(await oneStart("cold.mjs", [model, provider], limitMs)),
  ];
  for (let i = 0; i < runs; i++) {
    for (const job of i % 2 === 0 ? jobs : jobs.toReversed()) await job();
  }
  return { ours, theirs };
}

async function oneStart(script: string, args: string[], limitMs: number): Promise<ColdRun> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const begin = performance.now();
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...NO_CACHES },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = (said + chunk).slice(-2000);
  });
  let run: ColdRun | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    // Dawn and onnxruntime may print lines of their own.
    if (run !== undefined || !line.startsWith("{")) return;
    const wallMs = performance.now() - begin;
    run = { wallMs, phases: (JSON.parse(line) as Pick<ColdRun, "phases">).phases };
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((done, fail) =>
    child.once("error", fail).once("close", (...ended) => done(ended)),
  );
  if (run !== undefined) return run;
  const end = signal === null ? `ended with ${code}` : `was stopped by ${signal}`;
  throw new Error(
    `bench: ${script} ${args.join(" ")} ${end} before its first picture; it said: ${said.trim().split("\n").at(-1)}`,
  );
}
