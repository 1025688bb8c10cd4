/** A command line that makes no sense; the program exits with 2. */
export class UsageError extends Error {
  override name = "UsageError";
}
