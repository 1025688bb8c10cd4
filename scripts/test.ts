import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { type GpuRun, gpuRuns } from "./test_drivers";
import { addTotals, readTotals, showTotals, type Totals } from "./test_totals";

const OUT = "out/test";
const NONE: Totals = { passed: 0, failed: 0, skipped: 0 };

/** npm test: types, lint, node tests, GPU tests on every driver; prints totals, exits 1 on failure. */
async function main(): Promise<number> {
  rmSync(OUT, { recursive: true, force: true });
  const steps: [name: string, totals: Totals, seconds: number][] = [];
  const step = (name: string, run: () => Totals) => {
    console.log(`\n== ${name}`);
    const start = performance.now();
    steps.push([name, run(), (performance.now() - start) / 1000]);
  };
  step("types", () => check("tsc"));
  step("lint", () => check("biome", "check", "."));
  step("node tests", () => vitest("node", "node", {}));
  const runs = await gpuRuns();
  for (const [at, run] of runs.entries()) {
    step(`GPU tests on ${run.name}`, () => gpuTests(run, `gpu-${at}`, at === 0));
  }
  const unrun = runs.some((run) => run.slow) ? 0 : slowFiles();
  if (unrun > 0) step("slow GPU tests, too slow here", () => ({ ...NONE, skipped: unrun }));

  console.log("");
  for (const [name, totals, seconds] of steps) {
    console.log(`${name.padEnd(40)} ${seconds.toFixed(0).padStart(4)} s  ${showTotals(totals)}`);
  }
  const totals = addTotals(steps.map(([, each]) => each));
  console.log(showTotals(totals));
  return totals.failed === 0 ? 0 : 1;
}

/** A check without tests of its own: it counts only when it fails. */
function check(tool: string, ...args: string[]): Totals {
  return run(tool, args, {}) === 0 ? NONE : { ...NONE, failed: 1 };
}

function gpuTests(gpuRun: GpuRun, name: string, first: boolean): Totals {
  return vitest("gpu", name, {
    ...gpuRun.env,
    GPEN_SLOW_TESTS: gpuRun.slow ? "1" : "0",
    // the first driver is the most capable one: a feature that is missing there is tested nowhere
    REQUIRE_FEATURES: first ? (process.env.REQUIRE_GPU ?? "") : "",
  });
}

function vitest(project: string, name: string, env: Readonly<Record<string, string>>): Totals {
  const file = `${OUT}/${name}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = run("vitest", ["run", "--project", project, ...reporters], env);
  return readTotals(file, code);
}

function run(tool: string, args: string[], env: Readonly<Record<string, string>>): number {
  const { status } = spawnSync(`node_modules/.bin/${tool}`, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  return status ?? 1;
}

function slowFiles(): number {
  const files = readdirSync("test", { recursive: true }).map(String);
  return files.filter((file) => file.endsWith(".slow.gpu.test.ts")).length;
}

process.exit(await main());
