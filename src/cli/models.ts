import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  PUBLISHED,
  PUBLISHED_LICENCE,
  type PublishedModel,
  tensorContract,
} from "../weights/published";
import { modelDirs } from "./model_file";
import { UsageError } from "./usage_error";

/** gpen models: what others have published, and which of it lies here. */
export function modelsCommand(program: Command): Command {
  return program
    .command("models")
    .description("list the published models and whether a local copy is present and intact")
    .option("--dir <directory>", "look for local copies here too")
    .action(async ({ dir }: { dir?: string }) => {
      if (dir !== undefined && !statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
        throw new UsageError(`models: --dir ${dir} is not a directory; name one that exists`);
      }
      const dirs = [...modelDirs(), ...(dir === undefined ? [] : [dir])];
      for (const model of PUBLISHED) process.stdout.write(`${await entry(model, dirs)}\n\n`);
      process.stdout.write(`licence of all of these: ${PUBLISHED_LICENCE}\n`);
    });
}

async function entry(model: PublishedModel, dirs: readonly string[]): Promise<string> {
  const size = `${model.size}x${model.size}`;
  const lines = [
    `${model.name}  ${size}  ${model.kind === "discriminator" ? "discriminator" : model.task}`,
    `  tensors  ${tensorContract(model)}`,
    `  file     ${model.file}, ${model.bytes?.toLocaleString("en") ?? "unknown number of"} bytes`,
    `  sha256   ${model.sha256 ?? "unknown"}`,
    ...model.places.map((place) => `  from     ${place}`),
    `  here     ${await localCopy(model, dirs)}`,
  ];
  return lines.join("\n");
}

async function localCopy(model: PublishedModel, dirs: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const path of dirs.map((dir) => join(dir, model.file))) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) found.push(`${path}: ${await verdict(model, path, stat.size)}`);
  }
  return found.join("; ") || "no";
}

async function verdict(model: PublishedModel, path: string, bytes: number): Promise<string> {
  if (model.bytes !== undefined && bytes !== model.bytes) {
    return `another file or damaged, ${bytes.toLocaleString("en")} bytes`;
  }
  if (model.sha256 === undefined) return "present, but there is no sha256 to check it against";
  return (await sha256(path)) === model.sha256 ? "intact" : "damaged, its sha256 differs";
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}
