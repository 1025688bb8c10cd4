/** A picture of the visitor's, decoded and turned the way it was taken. */
export interface Opened {
  readonly name: string;
  readonly image: ImageBitmap;
  readonly aligned: boolean;
}

/** A canvas of more pixels than this fails in some browsers (iOS: 16.7 million). */
const LARGEST = 64e6;

/** Decodes a file. Throws Error, one sentence, if it is no picture, or too large a one. */
export async function openPicture(file: Blob, name: string, aligned: boolean): Promise<Opened> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    const kind =
      file.type && !file.type.startsWith("image/") ? `it is ${file.type}` : "it may be damaged";
    throw new Error(
      `${name} is no picture that this browser can read (${kind}); choose a PNG, JPEG, WebP or AVIF`,
    );
  });
  if (image.width * image.height > LARGEST) {
    const { width, height } = image;
    image.close();
    throw new Error(
      `${name} has ${width} x ${height} pixels, more than ${LARGEST / 1e6} million; make it smaller first`,
    );
  }
  return { name, image, aligned };
}
