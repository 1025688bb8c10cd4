/** Makes WGSL shorter; see minifierFor. */
export type Minify = (wgsl: string) => string;

const PRELUDE = /^\/\/ prelude\b[^\n]*\n[\s\S]*?^\/\/ end of prelude\n/m;
const WORD = /[A-Za-z_]\w*/g;
const DECLARED = /(?:\b(?:fn|struct|alias|let|const) |\bvar(?:<[^>]*>)? ?)(\w+)|\b(\w+) ?:/g;
/** Constants whose value is not simply a number of u32, as those of preludes are. */
const CONSTANT = /\bconst (\w+)=((?!\d+u;)[^;]+);/g;
const FLOAT = /^[\d.]+f?$/;
/** Numbers behind an operator, which take the type of what stands before it. */
const OPERAND = /(?<=[\w)\]][-+*/%&|^<>]|[-+*/%&|^<>=!]=|<<|>>)(\d+)u\b/g;
/** Components of vectors, which are declared nowhere. */
const SWIZZLE = /^([xyzw]{1,4}|[rgba]{1,4})$/;
/** Short words of the language, or of one of its backends. */
const RESERVED = ["as", "do", "fn", "if", "in", "is", "of", "or", "to", "asm", "default"];

/**
 * WGSL as it is shipped: without comments and spaces, and with short names. What the loader looks for
 * stays: constants of the prelude, overrides, `main`, and loops marked "// unroll".
 *
 * A name is shortened to the same in all of `shaders`, the most frequent one to the shortest: what they
 * have in common stays in common, and compresses. So do letters that scripts use often too.
 */
export function minifierFor(shaders: readonly string[]): Minify {
  const texts = shaders.map(withoutSpace);
  const kept = new Set([...RESERVED, "main", ...shaders.flatMap(namesWithMeaning)]);
  const uses = new Map<string, number>();
  for (const name of texts.flatMap(declaredNames)) {
    if (name.length > 2 && !kept.has(name) && !SWIZZLE.test(name)) uses.set(name, 0);
  }
  for (const [name] of texts.join("\n").matchAll(WORD)) {
    if (uses.has(name)) uses.set(name, uses.get(name)! + 1);
    else kept.add(name);
  }
  const fresh = shortNames(kept);
  const frequent = [...uses].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const short = new Map(frequent.map(([name]) => [name, fresh.next().value as string]));
  return (wgsl) => withoutSpace(wgsl).replace(WORD, (name) => short.get(name) ?? name);
}

function* shortNames(taken: ReadonlySet<string>): Generator<string> {
  const letters = "etnriaosclufdpmhgvybxwkjqzETNRIAOSCLUFDPMHGVYBXWKJQZ";
  for (let i = 0; ; i++) {
    const head = i < letters.length ? "" : letters[Math.floor(i / letters.length) - 1];
    const name = head + letters[i % letters.length];
    if (!taken.has(name)) yield name;
  }
}

/** Lines end only behind the marks of loops. */
function withoutSpace(wgsl: string): string {
  const text = wgsl
    .replace(/\/\/ unroll$/gm, "\u0001")
    .replace(/\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ /g, (_, at, text: string) => (separates(text[at - 1], text[at + 1]) ? " " : ""))
    .replace(/,(?=[)}])/g, "")
    .replace(/\bconst_assert[^;]*;/g, "") // tests compile what is stored
    .replaceAll("<storage,read>", "<storage>");
  return withShortNumbers(withoutConstants(text)).replaceAll("\u0001", "// unroll\n");
}

/** Floats, and what is used once, stand where they are used; numbers stay, which the loader looks for. */
function withoutConstants(text: string): string {
  let code = text;
  // Backwards: a constant is used by those that follow it.
  for (const [declared, name, value] of [...text.matchAll(CONSTANT)].reverse()) {
    const use = new RegExp(`(?<=([<(,=])?)\\b${name}\\b(?=([;>),])?)`, "g");
    const uses = code.match(use)!.length - 1;
    if (uses > 1 && !FLOAT.test(value)) continue;
    code = code
      .replace(declared, "")
      .replace(use, (_, open, close) =>
        (open && close) || FLOAT.test(value) ? value : `(${value})`,
      );
  }
  return code;
}

/** 0.5 is .5; and what an operator joins with unsigned numbers need not say that it is one. */
function withShortNumbers(text: string): string {
  return text
    .replace(/\b0(?=\.\d)/g, "")
    .replace(/(\d\.)0\b/g, "$1")
    .replace(OPERAND, "$1");
}

/** Whether two characters would become another word or operator without the space between them. */
function separates(before: string, after: string): boolean {
  return /\w/.test(before) ? /\w/.test(after) : before === after && /[-+&|<>=]/.test(before);
}

function declaredNames(text: string): string[] {
  return [...text.matchAll(DECLARED)].map(([, a, b]) => a ?? b);
}

/** Names that mean something to the loader or to the language. */
function namesWithMeaning(text: string): string[] {
  const [prelude = ""] = text.match(PRELUDE) ?? [];
  const code = withoutSpace(text);
  const own = new Set([...code.matchAll(/\b(?:fn|struct|alias) (\w+)/g)].map(([, name]) => name));
  const called = [...code.matchAll(/(\w+)(?=\()/g)].map(([name]) => name);
  const attributes = code.match(/@builtin\(\w+\)|@\w+|\bvar<[^>]*>|\boverride \w+/g) ?? [];
  const words = [...attributes, prelude.replace(/\/\/.*$/gm, "")].join(" ").match(WORD) ?? [];
  return [...words, ...called.filter((name) => !own.has(name))];
}
