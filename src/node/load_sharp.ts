import { createRequire } from "node:module";
import type sharp from "sharp";
import { ImageError } from "./image_error";

/** Loads the optional peer `sharp`. */
export async function loadSharp(): Promise<typeof sharp> {
  try {
    createRequire(import.meta.url).resolve("sharp");
  } catch {
    throw new ImageError(
      "image: the package sharp, which reads pictures, is not installed; run `npm install sharp`",
    );
  }
  return (await import("sharp")).default;
}
