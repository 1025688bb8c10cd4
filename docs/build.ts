import {
  Application,
  type CommentDisplayPart,
  Converter,
  DeclarationReflection,
  type ProjectReflection,
  ReflectionKind,
  SignatureReflection,
  type TypeDocOptions,
} from "typedoc";
import { brokenLinks } from "./broken_links";
import { type Entry, entries, ROOT } from "./entries";
import { withNameLinks } from "./name_links";
import { withDefinitionLists } from "./obligations";
import { undocumented } from "./undocumented";

/** Members of custom elements that are public because browsers, not pages, use them. */
const CALLED_BY_THE_BROWSER = /^(\w+Callback|observedAttributes)$/;

type Kind = keyof typeof ReflectionKind;

const OUT = `${ROOT}out/docs`;

/** npm run docs: writes the reference to out/docs and gives the exit code: 1 if anything was wrong, said in one sentence each. */
async function build(): Promise<number> {
  const found = entries();
  const app = await Application.bootstrap(optionsFor(found));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => write(project, found));
  const project = await app.convert();
  if (!project) return 1;
  const exported = exportedBy(project);
  const faults = undocumented([...(project.children ?? []), ...exported]);
  app.validate(project);
  await app.generateOutputs(project);
  faults.push(...brokenLinks(OUT));
  for (const fault of faults) console.error(fault);
  const ok = faults.length === 0 && !app.logger.hasErrors() && !app.logger.hasWarnings();
  console.log(
    `docs: ${exported.length} names in ${found.length} entries ${ok ? "" : "(with faults) "}-> out/docs/index.html`,
  );
  return ok ? 0 : 1;
}

function optionsFor(found: readonly Entry[]): TypeDocOptions {
  return {
    name: "gpen-webgpu API",
    entryPoints: found.map(({ file }) => `${ROOT}${file}`),
    tsconfig: `${ROOT}docs/tsconfig.json`,
    // npm run types checks them, with the compiler that the engine is written for
    skipErrorChecking: true,
    readme: `${ROOT}docs/start.md`,
    out: OUT,
    basePath: ROOT,
    disableGit: true,
    // required, and taken away again: the reference is read beside the sources
    sourceLinkTemplate: "{path}",
    customCss: `${ROOT}docs/style.css`,
    // of a page's functions the reader wants the one that does the work first: as exported
    sort: ["kind", "source-order"] as ("kind" | "source-order")[],
    sortEntryPoints: false,
    kindSortOrder: ["Function", "Class", "Interface", "TypeAlias", "Variable"] satisfies Kind[],
    groupOrder: ["Functions", "Classes", "Interfaces", "Type Aliases", "Variables"],
    useFirstParagraphOfCommentAsSummary: true,
    includeHierarchySummary: false,
    hideGenerator: true,
    excludeExternals: true,
    highlightLanguages: ["ts", "js", "html", "bash"],
    validation: { invalidLink: true, invalidPath: true, notExported: true },
    intentionallyNotExported: [
      "Executable",
      "Program",
      "Programs",
      "Scratch",
      "Checkpoint",
      "Pool",
    ],
    navigation: { includeGroups: false, includeCategories: false, includeFolders: false },
  };
}

/** Names modules as they are imported, and makes readable HTML of what docstrings say in aligned text. */
function write(project: ProjectReflection, found: readonly Entry[]): void {
  for (const module of project.children ?? []) {
    const entry = found.find(({ file }) => module.sources?.some((s) => s.fileName === file));
    if (entry) module.name = entry.name;
  }
  const names = new Map(exportedBy(project).map((name) => [name.name, name]));
  project.readme = withNameLinks(project.readme ?? [], names, "") as CommentDisplayPart[];
  for (const reflection of Object.values(project.reflections)) {
    if (CALLED_BY_THE_BROWSER.test(reflection.name)) project.removeReflection(reflection);
    const { comment } = reflection;
    if (reflection instanceof DeclarationReflection || reflection instanceof SignatureReflection) {
      for (const source of reflection.sources ?? []) source.url = undefined;
    }
    if (!comment) continue;
    const linked = withNameLinks(comment.summary, names, reflection.name);
    comment.summary = withDefinitionLists(linked) as CommentDisplayPart[];
  }
}

function exportedBy(project: ProjectReflection): DeclarationReflection[] {
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  return modules.flatMap(({ children = [] }) => children).filter((name) => !name.isReference());
}

build().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
