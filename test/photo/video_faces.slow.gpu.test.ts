import { expect, test } from "vitest";
import { readImage } from "../../src/node/image";
import type { Face, FaceDetector } from "../../src/photo/face";
import { restorePhoto } from "../../src/photo/restore_photo";
import { videoFaces } from "../../src/photo/video_faces";
import { openTestGpu } from "../gpu";
import { ASTRONAUT, faceAt } from "./astronaut";
import { tinyModel } from "./model";

function movedBy(dx: number): Face {
  const face = faceAt(ASTRONAUT);
  const points = Object.entries(face.points).map(([name, { x, y }]) => [name, { x: x + dx, y }]);
  return { ...face, points: Object.fromEntries(points) };
}

/** Says that the face lies 2 px beside where it lay a frame before. */
function trembling(): FaceDetector {
  let frame = 0;
  return { detect: async () => [movedBy(2 * (frame++ % 2))], dispose() {} };
}

test("frames as restorePhoto restores them, their points smoothed until the scene changes", async () => {
  const model = await tinyModel(await openTestGpu());
  const frame = await readImage("examples/photo.jpg");
  const dark = { ...frame, data: frame.data.map((level, i) => (i % 4 === 3 ? 255 : level >> 3)) };
  const video = videoFaces(model, trembling());
  const x = ({ faces }: { readonly faces: readonly Face[] }) => faces[0].points.nose.x;
  const still = faceAt(ASTRONAUT).points.nose.x;

  const first = (await video.push(frame, 0))!;
  const photo = await restorePhoto(model, undefined, frame, { faces: [movedBy(0)] });
  expect(first.regions).toEqual(await photo.regions());
  expect([first.cut, x(first)]).toEqual([false, still]);
  const second = (await video.push(frame, 1 / 30))!;
  expect([second.cut, second.seconds]).toEqual([false, 1 / 30]);
  expect(x(second) - still).toBeGreaterThan(0);
  expect(x(second) - still, "of the 2 px that it trembles by").toBeLessThan(1);

  await video.push(frame, 2 / 30);
  const cut = (await video.push(dark, 3 / 30))!;
  expect([cut.cut, x(cut)]).toEqual([true, still + 2]);
  await video.push(dark, 4 / 30);
  const back = (await video.push(dark, 1 / 30))!;
  expect([back.cut, x(back)], "time that runs backwards is a cut too").toEqual([true, still + 2]);
});

test("frames that come meanwhile are dropped, and the signal ends what is in work", async () => {
  const model = await tinyModel(await openTestGpu());
  const frame = await readImage("examples/photo.jpg");
  const stop = new AbortController();
  const video = videoFaces(model, trembling(), { signal: stop.signal });
  const pushed = [0, 1, 2, 3].map((i) => video.push(frame, i / 30));
  const results = await Promise.all(pushed);
  expect(results.map((result) => result?.seconds)).toEqual([0, undefined, undefined, 0.1]);
  const aborted = video.push(frame, 1);
  stop.abort();
  await expect(aborted).rejects.toBe(stop.signal.reason);
});
