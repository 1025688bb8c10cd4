import { WeightsError } from "../errors";
import { quote } from "./quote";

const [QUOTE, BACKSLASH, COLON] = ['"', "\\", ":"].map((c) => c.charCodeAt(0));

/**
 * Refuses JSON text in which an object names a key twice (JSON.parse would keep the last one and
 * say nothing) or which nests deeper than `maxDepth`. Everything else about the syntax is left to
 * JSON.parse, which runs afterwards. Each character is looked at once or twice: linear time.
 */
export function checkJsonKeys(where: string, text: string, maxDepth: number): void {
  const open: Set<string>[] = []; // the keys of each open object; empty for an array
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = stringEnd(text, i);
      if (isKey(text, end)) addKey(where, open.at(-1), text.slice(i, end), i);
      i = end - 1;
    } else if (c === "{" || c === "[") {
      if (open.push(new Set()) > maxDepth) {
        throw new WeightsError(
          `${where}: the header nests deeper than ${maxDepth} levels at character ${i}; a header of tensors never does`,
        );
      }
    } else if (c === "}" || c === "]") {
      open.pop();
    }
  }
}

/** Where the string that starts at `start` ends, behind its closing quote. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i++;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (text.charCodeAt(i) <= 0x20) i++;
  return text.charCodeAt(i) === COLON;
}

function addKey(where: string, keys: Set<string> | undefined, quoted: string, at: number): void {
  let key: string;
  try {
    key = JSON.parse(quoted);
  } catch {
    return; // not JSON; JSON.parse of the whole says so
  }
  if (keys?.has(key)) {
    throw new WeightsError(
      `${where}: the header names ${quote(key)} twice, again at character ${at}; names must be unique`,
    );
  }
  keys?.add(key);
}
