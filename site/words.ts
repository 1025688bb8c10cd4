/** Bytes for people: "4.3 MB", "36 kB", "210 bytes". */
export function megabytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e5) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** Milliseconds for people: "84 ms", "1.52 s". */
export function duration(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
}

/** "1 face", "3 faces". */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/**
 * How far work is: "Fetching the model, 1.2 MB of 4.3 MB", "Looking for faces, 37 %", and of things
 * that are counted the one in work, "Restoring face 3 of 5". `done` may be a fraction.
 */
export function progressText(what: string, done?: number, of?: number): string {
  // a video says itself how it goes
  if (what.includes(":")) return what;
  if (done === undefined || of === undefined) return `${what} …`;
  if (of === 1) return `${what}, ${Math.round(100 * Math.min(1, done))} %`;
  // only bytes come in such numbers
  if (of > 1e5) return `${what}, ${megabytes(done)} of ${megabytes(of)}`;
  return `${what} ${Math.min(of, Math.floor(done) + 1)} of ${of}`;
}

/** What an error says, starting as a sentence does, without the part of the engine that says it. */
export function sentence(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/^\w+: /, "");
  const closed = /[.!?]$/.test(text) ? text : `${text}.`;
  // a name of a file is written as it is
  return /^[a-z]+[ ,]/.test(closed) ? closed.charAt(0).toUpperCase() + closed.slice(1) : closed;
}
