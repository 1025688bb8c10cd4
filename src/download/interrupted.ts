/** Why a download stopped that is worth another try; the message follows the link in a sentence. */
export class Interrupted extends Error {
  override name = "Interrupted";
}
