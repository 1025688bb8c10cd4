import { readdirSync, rmSync } from "node:fs";
import { findFirefox } from "./firefox";
import { runLimited } from "./run_limited";
import { type GpuRun, gpuRuns } from "./test_drivers";
import { addTotals, readTotals, showTotals, type Totals } from "./test_totals";

const OUT = "out/test";
/** Far above what any step takes on two cores: the longest, in Chromium, 7 minutes. */
const STEP_MINUTES = 20;
const NONE: Totals = { passed: 0, failed: 0, skipped: 0 };

/** npm test: types, lint, node tests, GPU tests on every driver, tests in two browsers; prints totals, exits 1 on failure. */
async function main(): Promise<number> {
  rmSync(OUT, { recursive: true, force: true });
  const steps: [name: string, totals: Totals, seconds: number][] = [];
  const step = async (name: string, run: () => Promise<Totals>) => {
    console.log(`\n== ${name}`);
    const start = performance.now();
    const totals = await run();
    steps.push([name, totals, (performance.now() - start) / 1000]);
  };
  await step("types", () => check("tsc"));
  await step("lint", () => check("biome", "check", "."));
  await step("size", () => check("tsx", "scripts/size.ts"));
  await step("node tests", () => vitest("node", "node", {}));
  const runs = await gpuRuns();
  for (const [at, run] of runs.entries()) {
    await step(`GPU tests on ${run.name}`, () => gpuTests(run, `gpu-${at}`, at === 0));
  }
  await step("browser tests in Chromium", () => vitest("e2e", "chromium", {}));
  await step("browser tests in Firefox", firefoxTests);
  const unrun = runs.some((run) => run.slow) ? 0 : testFiles(".slow.gpu.test.ts");
  if (unrun > 0)
    await step("slow GPU tests, too slow here", async () => ({ ...NONE, skipped: unrun }));

  console.log("");
  for (const [name, totals, seconds] of steps) {
    console.log(`${name.padEnd(40)} ${seconds.toFixed(0).padStart(4)} s  ${showTotals(totals)}`);
  }
  const totals = addTotals(steps.map(([, each]) => each));
  console.log(showTotals(totals));
  return totals.failed === 0 ? 0 : 1;
}

/** A check without tests of its own: it counts only when it fails. */
async function check(tool: string, ...args: string[]): Promise<Totals> {
  const code = await runLimited(tool, args, {}, STEP_MINUTES);
  return code === 0 ? NONE : { ...NONE, failed: 1 };
}

function gpuTests(gpuRun: GpuRun, name: string, first: boolean): Promise<Totals> {
  return vitest("gpu", name, {
    ...gpuRun.env,
    GPEN_SLOW_TESTS: gpuRun.slow ? "1" : "0",
    // the first driver is the most capable one: a feature that is missing there is tested nowhere
    REQUIRE_FEATURES: first ? (process.env.REQUIRE_GPU ?? "") : "",
  });
}

/** In a Firefox that has WebGPU; where there is none, the files that it would run count as skipped. */
async function firefoxTests(): Promise<Totals> {
  try {
    findFirefox();
  } catch (error) {
    console.log((error as Error).message);
    return { ...NONE, skipped: testFiles(".e2e.test.ts") };
  }
  return vitest("e2e", "firefox", { E2E_BROWSER: "firefox" });
}

async function vitest(
  project: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<Totals> {
  const file = `${OUT}/${name}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", "--project", project, ...reporters];
  const code = await runLimited("vitest", args, env, STEP_MINUTES);
  return readTotals(file, code);
}

function testFiles(ending: string): number {
  const files = readdirSync("test", { recursive: true }).map(String);
  return files.filter((file) => file.endsWith(ending)).length;
}

process.exit(await main());
