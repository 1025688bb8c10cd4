import { expect, onTestFinished, test } from "vitest";
import { readImage } from "../../src/node/image";
import type { ChangedRegion } from "../../src/photo/paste_regions";
import { restorePhoto } from "../../src/photo/restore_photo";
import { apply, inverse, type Transform } from "../../src/photo/transform";
import { loadGpen } from "../../src/restore/load";
import type { Pixels } from "../../src/restore/pixels";
import { smallModel } from "../api/models";
import { openTestGpu } from "../gpu";
import { faceAt } from "./astronaut";

const WIDTH = 4000;
const HEIGHT = 3000;

/** Twelve megapixels of a colour gradient with `face` in 30 places, 40 to 500 px wide. */
function crowd(face: Pixels): { photo: Pixels; places: Transform[] } {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i++)
    data.set([(i % WIDTH) / 16, i / WIDTH / 12, 90 + (i % 7), 255], 4 * i);
  const places = Array.from({ length: 30 }, (_, i): Transform => {
    const scale = i === 7 ? 3.9 : 0.32 + 0.02 * i;
    const [x, y] = [100 + 620 * (i % 6), 60 + 560 * Math.floor(i / 6)];
    return [scale, 0, x, 0, scale, y];
  });
  for (const place of places) {
    const toFace = inverse(place);
    const side = Math.floor(128 * place[0]);
    for (let i = 0; i < side * side; i++) {
      const [x, y] = [place[2] + (i % side), place[5] + Math.floor(i / side)];
      const at = apply(toFace, { x, y });
      const from = 4 * (128 * Math.round(at.y) + Math.round(at.x));
      data.set(face.data.subarray(from, from + 4), 4 * (WIDTH * y + x));
    }
  }
  return { photo: { data, width: WIDTH, height: HEIGHT }, places };
}

/** Bytes of the buffers that are alive on a device from now on, and the most that there were. */
function counting(device: GPUDevice): { live: number; most: number } {
  const count = { live: 0, most: 0 };
  const create = device.createBuffer;
  device.createBuffer = (descriptor) => {
    const buffer = create.call(device, descriptor);
    const destroy = buffer.destroy;
    count.live += descriptor.size;
    count.most = Math.max(count.most, count.live);
    buffer.destroy = () => {
      count.live -= descriptor.size;
      buffer.destroy = destroy;
      return destroy.call(buffer);
    };
    return buffer;
  };
  onTestFinished(() => {
    device.createBuffer = create;
  });
  return count;
}

test("thirty faces in twelve megapixels: little memory, and nothing else touched", async () => {
  const gpu = await openTestGpu();
  const model = await loadGpen(gpu, await smallModel()); // what the photo takes is what is measured
  const { photo, places } = crowd(await readImage("examples/astronaut.png"));
  const faces = places.map((place) => faceAt(place));
  // the network for batches is made here, so that what is counted later is the photo's own
  await restorePhoto(model, undefined, photo, { faces });
  const bytes = counting(gpu.device);
  const shown = await restorePhoto(model, undefined, photo, { faces });
  const start = performance.now();
  const regions = await shown.regions();
  const pasteMs = performance.now() - start;
  const times = shown.timings.map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`);
  console.log(
    `${times.join(", ")}, paste ${pasteMs.toFixed(0)} ms, ${bytes.most / 1e6} MB on the GPU`,
  );
  expect(shown.faces.length).toBe(30);
  expect(bytes.most).toBeLessThan(10e6);
  expect(bytes.live).toBe(0);
  const result = await shown.render();
  const area = regions.reduce((sum, { pixels }) => sum + pixels.width * pixels.height, 0);
  expect(area).toBeLessThan(0.05 * WIDTH * HEIGHT);
  expect(Buffer.compare(without(photo, regions), without(result, regions))).toBe(0);
  expect(Buffer.compare(Buffer.from(photo.data), Buffer.from(result.data))).not.toBe(0);
});

/** The picture with these parts blank. */
function without({ data, width }: Pixels, regions: readonly ChangedRegion[]): Buffer {
  const copy = Buffer.from(data);
  for (const { x, y, pixels } of regions)
    for (let row = y; row < y + pixels.height; row++)
      copy.fill(0, 4 * (width * row + x), 4 * (width * row + x + pixels.width));
  return copy;
}
