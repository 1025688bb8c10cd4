import { expect, test } from "vitest";
import { type Gpen, type Gpu, loadGpen, loadSampler, restore, restoreFaces } from "../../src/index";
import { loadFaceDetector, restorePhoto } from "../../src/photo/index";

const WHY = "; await openGpu() and loadGpen()";
const pixels = { data: new Uint8Array(16), width: 2, height: 2 };
const promise = new Promise<never>(() => {});

test("a promise in place of what it resolves to: one sentence names the await", async () => {
  const gpu = promise as unknown as Gpu;
  for (const load of [loadGpen, loadSampler, loadFaceDetector]) {
    const refused = { name: "GpuError", message: `gpu: got [object Promise]${WHY}` };
    await expect(load(gpu, new Uint8Array())).rejects.toMatchObject(refused);
  }
  const model = promise as unknown as Gpen;
  for (const restored of [
    restore(model, pixels),
    restoreFaces(model, [pixels]),
    restorePhoto(model, undefined, pixels),
  ])
    await expect(restored).rejects.toMatchObject({ message: `gpu: got undefined${WHY}` });
});
