/** A picture that cannot be read or written. */
export class ImageError extends Error {
  override name = "ImageError";
}
