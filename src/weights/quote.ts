const LONGEST_NAME = 100;
const LONGEST_SENTENCE = 500;

/** Text from a file as error messages show it: in quotes, on one line, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(oneLine(text, LONGEST_NAME));
}

/** Text without line breaks and other characters that a terminal would act on. */
export function oneLine(text: string, longest = LONGEST_SENTENCE): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return shown.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "?");
}
