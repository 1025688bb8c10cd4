import { expect, test } from "vitest";
import { readImage } from "../../src/node/image";
import { sceneCuts } from "../../src/photo/video_cuts";

const [width, height] = [64, 48];

function frame(colour: (x: number, y: number) => readonly [number, number, number]) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    data.set([...colour(i % width, Math.floor(i / width)), 255], 4 * i);
  }
  return { data, width, height };
}

test("another scene is a cut, once; a first frame is none", async () => {
  const isCut = sceneCuts();
  const night = frame((x) => [x / 2, 10, 40]);
  const beach = frame((_, y) => [200, 180, 100 + y]);
  expect([night, night, beach, beach, night].map(isCut)).toEqual([false, false, true, false, true]);
});

test("something that moves through the frame, and light that flickers a little, are no cuts", async () => {
  const isCut = sceneCuts();
  const face = await readImage("examples/astronaut.png");
  for (let i = 0; i < 20; i++) {
    const light = i % 2 ? 1 : 1.05;
    const moved = frame((x, y) => {
      const at = 4 * (((2 * y) % face.height) * face.width + ((2 * x + 8 * i) % face.width));
      const [r, g, b] = face.data.subarray(at);
      return [light * r, light * g, light * b];
    });
    expect(isCut(moved), `frame ${i}`).toBe(false);
  }
});
