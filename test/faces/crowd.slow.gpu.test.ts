import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadFaceDetector } from "../../src/faces/load_face_detector";
import { readImage } from "../../src/node/image";
import type { Face, Point } from "../../src/photo/face";
import type { Pixels } from "../../src/restore/pixels";
import { openTestGpu } from "../gpu";
import { pairsDirectory } from "../pairs";
import { background, type Place, put, toPhoto } from "./compose";
import { FACE_WEIGHTS } from "./weights";

const directory = pairsDirectory();
const WIDE = 40; // pixels of a face in the crowd
const [WIDTH, HEIGHT] = [4000, 3000];

interface Known {
  readonly picture: Pixels;
  readonly face: Face;
}

/** Places of 30 faces, in six columns and five rows, none twice alike. */
function placeOf(i: number, { picture, face: { box } }: Known): Place {
  const [column, row] = [i % 6, Math.floor(i / 6)];
  const mirror = i >= 16;
  const scale = WIDE / box.width;
  const turn = ((i * 37) % 21) - 10;
  const place = { x: 350 + 650 * column, y: 320 + 590 * row, scale, turn, mirror };
  const [a, b, , d, e] = toPhoto(picture, place);
  const jitter = 61 * ((i * 7) % 5);
  return { ...place, x: place.x + jitter + 10 * (a - b), y: place.y - jitter + 10 * (d - e) };
}

function truth({ picture, face }: Known, place: Place): { left: Point; right: Point } {
  const [a, b, c, d, e, f] = toPhoto(picture, place);
  const moved = ({ x, y }: Point) => ({ x: a * x + b * y + c, y: d * x + e * y + f });
  const [first, second] = [moved(face.points.leftEye), moved(face.points.rightEye)];
  return place.mirror ? { left: second, right: first } : { left: first, right: second };
}

test.skipIf(!directory)(
  "30 faces of 40 px in 12 megapixels",
  async ({ annotate }) => {
    const gpu = await openTestGpu();
    const load = (minSize: number) =>
      loadFaceDetector(gpu, readFileSync(FACE_WEIGHTS), { minSize });
    const close = await load(40);
    const known: Known[] = [];
    for (let i = 0; i < 16; i++) {
      const file = `${String(i).padStart(2, "0")}_hq.png`;
      const picture = await readImage(join(directory!, file));
      const [face] = await close.detect(picture);
      expect(face, file).toBeDefined();
      known.push({ picture, face });
    }
    close.dispose();
    const photo = background(WIDTH, HEIGHT);
    const eyes: { left: Point; right: Point }[] = [];
    for (let i = 0; i < 30; i++) {
      const place = placeOf(i, known[i % 16]);
      await put(photo, known[i % 16].picture, place);
      eyes.push(truth(known[i % 16], place));
    }
    const found = await load(32);
    const start = performance.now();
    const faces = await found.detect(photo);
    const seconds = (performance.now() - start) / 1000;
    const off = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
    const scores = faces.map(({ score }) => score).sort((a, b) => a - b);
    const errors = eyes.flatMap(({ left, right }) => {
      const size = off(left, right);
      const all = faces.map(
        ({ points }) => Math.max(off(points.leftEye, left), off(points.rightEye, right)) / size,
      );
      const least = Math.min(...all);
      return least < 0.5 ? [least] : [];
    });
    const median = errors.toSorted((a, b) => a - b)[errors.length >> 1];
    await annotate(
      `${errors.length} of 30 found, ${faces.length - errors.length} false, eyes off by ${median.toFixed(3)} of their distance, least scores ${scores.slice(0, 3).map((score) => score.toFixed(2))}, ${seconds.toFixed(1)} s`,
    );
    expect(errors.length).toBeGreaterThanOrEqual(29);
    expect(faces.length - errors.length).toBeLessThanOrEqual(1);
    expect(median).toBeLessThan(0.1);
  },
  300_000,
);
