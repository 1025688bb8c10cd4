import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface Entry {
  /** What users import: "gpen-webgpu/node". */
  readonly name: string;
  /** Its source, relative to the repository: "src/node/index.ts". */
  readonly file: string;
}

/**
 * The entry points of the package, in the order of package.json's "exports".
 *
 * Errors    Error in one sentence if an entry has no source
 */
export function entries(): Entry[] {
  const text = readFileSync(`${ROOT}package.json`, "utf8");
  const { name, exports } = JSON.parse(text) as Package;
  const typed = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  return typed.map(([path, { types }]) => {
    const file = types!.replace(/^\.\/dist\/types\//, "src/").replace(/\.d\.ts$/, ".ts");
    if (!existsSync(`${ROOT}${file}`)) {
      throw new Error(
        `docs: package.json exports "${path}" with the types ${types}, but there is no ${file}; write it or remove the entry`,
      );
    }
    return { name: `${name}${path.slice(1)}`, file };
  });
}

interface Package {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly types?: string }>>;
}
