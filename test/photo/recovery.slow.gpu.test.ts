import { expect, test } from "vitest";
import { restorePhoto } from "../../src/photo/restore_photo";
import { loadGpen } from "../../src/restore/load";
import { photo, smallModel } from "../api/models";
import { openLosableGpu } from "../gpu";
import { faceAt } from "./astronaut";

test("a device lost while faces are cropped, restored or pasted: the photo is the same", async () => {
  let devices = 0;
  const gpu = await openLosableGpu(() => devices++);
  const model = await loadGpen(gpu, await smallModel());
  const picture = photo(120, 90);
  const faces = [faceAt([1.1, 0, 5, 0, 1.1, 10], 32), faceAt([1.2, 0.2, 60, -0.2, 1.2, 30], 32)];
  const want = await (await restorePhoto(model, undefined, picture, { faces })).render();
  for (let at = 1; at <= 8; at++) {
    const { queue } = gpu.device;
    const lost = gpu.device;
    const submit = queue.submit.bind(queue);
    let submits = 0;
    queue.submit = (commands) => {
      submit(commands);
      if (++submits === at) lost.destroy();
    };
    const shown = await restorePhoto(model, undefined, picture, { faces });
    expect(await shown.render(), `lost at submit ${at}`).toEqual(want);
    if (submits < at) lost.destroy();
  }
  expect(devices).toBeGreaterThan(6);
});
