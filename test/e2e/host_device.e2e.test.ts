import { expect, test } from "vitest";
import { openBlank } from "./browser";

const SCOPES = ["validation", "out-of-memory", "internal"] as const;

test("on a host's device nothing of the host's is destroyed, left bound or left in its error scopes", async () => {
  const page = await openBlank();
  const seen = await page.evaluate(async (scopes) => {
    const host = await staged.openHost();
    const { device } = host;
    const before = await host.draw();
    for (const scope of scopes) device.pushErrorScope(scope);
    const left = staged.census(device);
    const gpu = await gpen.openGpu({ device });
    const model = await gpen.loadGpen(gpu, await staged.smallModel());
    const meanwhile: string[] = [];
    const restored = gpen.restore(model, await staged.picture());
    for (let i = 0; i < 3; i++) meanwhile.push(await host.draw());
    const { buffer } = await gpen.restoreToBuffer(model, await staged.picture());
    const { pixels } = await restored;
    buffer.destroy();
    model.dispose();
    const leftByModel = [...left].map(({ label }) => label);
    gpu.dispose();
    const scoped: string[] = [];
    for (const _ of scopes) scoped.push((await device.popErrorScope())?.message ?? "nothing");
    const deeper = await device.popErrorScope().then(
      () => "a scope",
      () => "none",
    );
    const after = await host.draw();
    return {
      same: [...meanwhile, after].every((drawn) => drawn === before),
      drew: new Set(before.split(",")).size > 10,
      size: [pixels.width, pixels.height],
      leftByModel,
      left: [...left].map(({ label }) => label),
      scoped,
      deeper,
      errors: host.errors,
    };
  }, SCOPES);
  expect(seen).toEqual({
    same: true,
    drew: true,
    size: [32, 32],
    leftByModel: [],
    left: [],
    scoped: ["nothing", "nothing", "nothing"],
    deeper: "none",
    errors: [],
  });
});
