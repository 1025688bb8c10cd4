import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { addAdapterOption, wholeNumber } from "./options";
import { UsageError } from "./usage_error";

/** The default run is to end within 15 minutes; what was begun last takes some of them. */
const MINUTES = 13;

/** gpen bench: how fast this machine is, beside other engines; only where the repository is. */
export function benchCommand(program: Command): Command {
  const command = program
    .command("bench")
    .description("measure kernels and whole models beside other engines (needs the repository)")
    .addOption(
      new Option("--suite <suite>", "what to measure")
        .choices(["peers", "kernels", "all"])
        .default("all"),
    )
    .addOption(
      new Option("--model <model>", "whose layers and images")
        .choices(["tiny", "256", "512", "1024"])
        .default("256"),
    )
    .addOption(
      new Option("--precision <type>", "what kernels store numbers as")
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .option("--minutes <number>", "begin nothing new after this long", wholeNumber(1, 600), MINUTES)
    .option("--full", "also GPEN-256, 512 and 1024, however long it takes", false)
    .option("--browser", "also measure in Chromium, as --full does", false)
    .option("--json <file>", "write the result as JSON")
    .option("--html <file>", "write the result as a page to look at")
    .option("--compare <file>", "say what got faster or slower since; exit 1 if anything is slower")
    .option("--kernel <name>", "only the rows of this kernel")
    .option("--shape <text>", "only rows whose shape contains this text")
    .option("--list", "print the rows and measure nothing", false);
  return addAdapterOption(command).action((options: Readonly<Record<string, unknown>>) =>
    startBench(options),
  );
}

/** The benchmark is no part of the package: its sources run in a process of their own. */
async function startBench(options: Readonly<Record<string, unknown>>): Promise<void> {
  const root = repository();
  const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
  if (!existsSync(join(root, "bench", "main.ts")) || !existsSync(tsx)) {
    throw new UsageError(
      "bench: the benchmark comes with the repository, not with the package; clone it, run `npm ci` and then `npm run bench`",
    );
  }
  const files = ["json", "html", "compare"].map((name) => [name, options[name]]);
  const paths = files.filter(([, file]) => typeof file === "string");
  const absolute = paths.map(([name, file]) => [name, resolve(file as string)]);
  const given = JSON.stringify({ ...options, ...Object.fromEntries(absolute) });
  const child = spawn(process.execPath, [tsx, join(root, "bench", "main.ts"), given], {
    cwd: root,
    stdio: "inherit",
  });
  const code = await new Promise<number>((done, failed) => {
    child.on("error", failed).on("exit", (code) => done(code ?? 1));
  });
  if (code !== 0) process.exit(code);
}

/** Beside dist/gpen.js, or two levels up from src/cli when run from source. */
function repository(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const above = [join(here, ".."), join(here, "..", "..")];
  return above.find((dir) => existsSync(join(dir, "package.json"))) ?? above[0];
}
