const LONGEST = 100;

/** Text from a file as error messages show it: in quotes, on one line, cut where it is long. */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return JSON.stringify(shown).replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, "?");
}
