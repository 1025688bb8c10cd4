import type { Image } from "./image";
import { loadSharp } from "./load_sharp";

/** The longer side of a panel is at least this many pixels: a 128 px face is hard to judge on a screen. */
const LEAST_PANEL = 384;
const MOST_PANEL = 1024;
const BAR = 32;

/** 5x7 letters, a row per number: drawn as squares, because a bare machine has no fonts. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  A: [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  B: [0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e],
  E: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
  F: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10],
  O: [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
  R: [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11],
  T: [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
};

/**
 * The picture that --compare writes: BEFORE and AFTER side by side under a bar with the two words.
 *
 * Shapes    two pictures of any size -> RGBA8 of (32 + h, 2 w, 4), with panels of w x h: the restored
 *           picture's size, scaled so that its longer side is from 384 to 1024 px
 */
export async function beforeAfter(before: Image, after: Image): Promise<Image> {
  const sharp = await loadSharp();
  const side = Math.max(after.width, after.height);
  const scale = Math.min(MOST_PANEL, Math.max(LEAST_PANEL, side)) / side;
  const [w, h] = [after.width, after.height].map((each) => Math.max(1, Math.round(scale * each)));
  const scaled = (image: Image) =>
    sharp(new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength), {
      raw: { width: image.width, height: image.height, channels: 4 },
    })
      .resize(w, h, { fit: "fill", kernel: "cubic" })
      .png()
      .toBuffer();
  const labels = svg(2 * w, BAR, [...word("BEFORE", 12, 9), ...word("AFTER", w + 12, 9)]);
  const { data, info } = await sharp({
    create: { width: 2 * w, height: h + BAR, channels: 3, background: "#202020" },
  })
    .composite([
      { input: Buffer.from(labels), left: 0, top: 0 },
      { input: await scaled(before), left: 0, top: BAR },
      { input: await scaled(after), left: w, top: BAR },
    ])
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  return { data: pixels, width: info.width, height: info.height };
}

function word(text: string, left: number, top: number): string[] {
  const dot = 2;
  return [...text].flatMap((letter, at) =>
    LETTERS[letter].flatMap((row, y) =>
      [0, 1, 2, 3, 4]
        .filter((x) => row & (0x10 >> x))
        .map((x) => square(left + (at * 7 + x) * dot, top + y * dot, dot)),
    ),
  );
}

function square(x: number, y: number, side: number): string {
  return `<rect x="${x}" y="${y}" width="${side}" height="${side}"/>`;
}

function svg(width: number, height: number, shapes: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="#f0f0f0">${shapes.join("")}</svg>`;
}
