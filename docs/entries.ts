import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface Entry {
  /** What users import: "gpen-webgpu/node". */
  readonly name: string;
  /** Its source, relative to the repository: "src/node/index.ts". */
  readonly file: string;
  /** The comment at the top of the source, which says what the entry is for. */
  readonly about: string;
}

/**
 * The entry points of the package, in the order of package.json's "exports".
 *
 * Errors    Error in one sentence if an entry has no source, or its source no comment at the top (package.json's
 *           description does for the first)
 */
export function entries(): Entry[] {
  const text = readFileSync(`${ROOT}package.json`, "utf8");
  const { name, description, exports } = JSON.parse(text) as Package;
  const typed = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  return typed.map(([path, { types }]) => {
    const file = types!.replace(/^\.\/dist\/types\//, "src/").replace(/\.d\.ts$/, ".ts");
    if (!existsSync(`${ROOT}${file}`)) {
      throw new Error(
        `docs: package.json exports "${path}" with the types ${types}, but there is no ${file}; write it or remove the entry`,
      );
    }
    return {
      name: `${name}${path.slice(1)}`,
      file,
      about: aboutOf(file) ?? (path === "." ? description : missing(file)),
    };
  });
}

interface Package {
  readonly name: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, { readonly types?: string }>>;
}

function aboutOf(file: string): string | undefined {
  const [, comment] = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(`${ROOT}${file}`, "utf8")) ?? [];
  return comment?.replace(/^\s*\* ?/gm, "").trim();
}

function missing(file: string): never {
  throw new Error(
    `docs: ${file} is an entry point without a comment at its top; begin it with /** what it is for */`,
  );
}
