const LONGEST = 100;

/** Text from a file as error messages show it: in quotes, on one line, cut where it is long. */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  // Line breaks, and what a terminal would act on or turn around.
  const plain = shown.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "?");
  return JSON.stringify(plain);
}
