import { type DeclarationReflection, ReflectionKind } from "typedoc";

/** One sentence for every exported name without a docstring. */
export function undocumented(exported: Iterable<DeclarationReflection>): string[] {
  return [...exported]
    .filter((name) => !hasDocstring(name))
    .map((name) => {
      const [source] = name.sources ?? [];
      return `docs: ${name.parent?.name} exports ${name.name} (${source?.fileName}:${source?.line}) without a docstring; write one above it`;
    });
}

function hasDocstring({ comment, kind, signatures = [] }: DeclarationReflection): boolean {
  if (kind !== ReflectionKind.Function) return comment?.hasVisibleComponent() === true;
  return signatures.every((signature) => signature.comment?.hasVisibleComponent() === true);
}
