import { type DeclarationReflection, ReflectionKind } from "typedoc";

/** One sentence for every exported name, and entry point, without a docstring. */
export function undocumented(exported: Iterable<DeclarationReflection>): string[] {
  return [...exported]
    .filter((name) => !hasDocstring(name))
    .map((name) => {
      const [source] = name.sources ?? [];
      const what = name.parent?.isProject()
        ? name.name
        : `${name.parent?.name} exports ${name.name}`;
      return `docs: ${what} (${source?.fileName}:${source?.line}) without a docstring; write one above it`;
    });
}

function hasDocstring({ comment, kind, signatures = [] }: DeclarationReflection): boolean {
  if (kind !== ReflectionKind.Function) return comment?.hasVisibleComponent() === true;
  return signatures.every((signature) => signature.comment?.hasVisibleComponent() === true);
}
