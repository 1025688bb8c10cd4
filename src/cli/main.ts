import { Command, CommanderError } from "commander";
import { benchCommand } from "./bench";
import { convertCommand } from "./convert";
import { inspectCommand } from "./inspect";
import { modelsCommand } from "./models";
import { restoreCommand } from "./restore";
import { runCommand } from "./run";
import { sampleCommand } from "./sample";
import { tuneCommand } from "./tune";
import { UsageError } from "./usage_error";

const COMMANDS = [
  restoreCommand,
  inspectCommand,
  convertCommand,
  runCommand,
  sampleCommand,
  modelsCommand,
  benchCommand,
  tuneCommand,
];

/**
 * The command line, without its process: runs `args` and returns the exit code.
 *
 * Units     0 success; 2 wrong usage; 1 failure. Failures are one line on stderr; with --debug the
 *           stack trace follows
 */
export async function main(args: readonly string[]): Promise<number> {
  const program = buildProgram();
  try {
    if (args.length === 0) {
      throw new UsageError(`gpen: no command was given; use one of ${names(program)}, or --help`);
    }
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return report(error as Error, args.includes("--debug"));
  }
}

function buildProgram(): Command {
  const program = new Command("gpen")
    .description("Restores faces with GPEN on WebGPU.")
    .version(VERSION)
    .option("--debug", "show the stack trace of a failure")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false);
  for (const add of COMMANDS) add(program).option("--debug", "show the stack trace of a failure");
  return program;
}

function names(program: Command): string {
  return program.commands.map((command) => command.name()).join(", ");
}

function report(error: Error, debug: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const what = error.message
      .replace(/^error: /, "")
      .replaceAll(/\s+/g, " ")
      .replace(/\.$/, "");
    process.stderr.write(`gpen: ${what}; see gpen --help\n`);
    return 2;
  }
  process.stderr.write(`${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
  if (debug) process.stderr.write(`${error.stack}\n`);
  return error instanceof UsageError ? 2 : 1;
}

/** Replaced by the build with the version in package.json. */
declare const __GPEN_VERSION__: string | undefined;
const VERSION = typeof __GPEN_VERSION__ === "string" ? __GPEN_VERSION__ : "0.0.0-source";
