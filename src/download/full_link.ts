/** A link in full, without its fragment: what files are known by. Undefined for what is none. */
export function fullLink(link: string | URL): string | undefined {
  try {
    const url = new URL(link, globalThis.document?.baseURI ?? globalThis.location?.href);
    url.hash = "";
    return url.href;
  } catch {
    return undefined;
  }
}
