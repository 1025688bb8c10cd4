import { expect, test } from "vitest";
import { FIREFOX } from "./browser";
import { openStage, state } from "./stage";

const PICTURE = "/examples/astronaut.png";

test("shows the picture, restores it, and a screen reader finds a slider", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate(
    (src) => void stage.add({ src, model: "small", alt: "An astronaut" }),
    PICTURE,
  );
  await state(opened, "ready");
  // puppeteer asks Chromium only what screen readers are told
  const tree = FIREFOX ? undefined : await page.accessibility.snapshot();
  const told = [
    expect.objectContaining({ role: "image", name: "An astronaut" }),
    expect.objectContaining({
      role: "slider",
      name: "Compare before and after",
      valuemin: 0,
      valuemax: 100,
      value: 50,
    }),
    expect.objectContaining({ role: "status" }),
  ];
  if (tree) expect(tree.children).toEqual(told);
  // Chromium's snapshot leaves valuetext empty for elements that are sliders by their role
  const texts = () => [
    stage.inside("[role=slider]")?.ariaValueText,
    stage.inside("[role=status]")?.textContent,
  ];
  expect(await page.evaluate(texts)).toEqual(["Before 50 %, After 50 %", "Restored"]);
  expect(await page.evaluate(() => stage.seen.events)).toEqual(["load"]);
});

test("keys move the slider as the ARIA pattern says, also where lines run from right to left", async () => {
  const opened = await openStage({ colorScheme: "dark", reducedMotion: true });
  const { page } = opened;
  await page.evaluate((src) => void stage.add({ src, model: "small" }), PICTURE);
  await state(opened, "ready");
  const value = () => page.evaluate(() => Number(stage.inside("[role=slider]")?.ariaValueNow));
  const after = async (key: Parameters<typeof page.keyboard.press>[0]) => {
    await page.keyboard.press(key);
    return value();
  };
  await page.keyboard.press("Tab");
  expect(await after("ArrowRight")).toBe(51);
  expect(await after("ArrowUp")).toBe(52);
  expect(await after("PageDown")).toBe(42);
  expect(await after("ArrowLeft")).toBe(41);
  expect(await after("End")).toBe(100);
  expect(await after("ArrowRight")).toBe(100);
  expect(await after("Home")).toBe(0);
  expect(await after("PageUp")).toBe(10);
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  expect(await after("ArrowLeft")).toBe(11);
  expect(await after("ArrowRight")).toBe(10);
  await opened.screenshot("element-rtl-focus");
  const [handle, clip] = await page.evaluate(() => {
    const box = stage.inside(".handle")!.getBoundingClientRect();
    const clipped = getComputedStyle(stage.inside("canvas")!).clipPath;
    return [box.x + box.width / 2, clipped];
  });
  // 320 px wide, flush with the right margin of 24: a tenth from the right
  expect(handle).toBeCloseTo(900 - 24 - 32, 0);
  expect(clip).toBe("inset(0px 10% 0px 0px)");
  expect(
    await page.evaluate(() => stage.seen.events.filter((type) => type === "input").length),
  ).toBe(10);
});

test("a whole photo: its faces are found and pasted back; a photo without one is no error", async () => {
  const opened = await openStage();
  const { page } = opened;
  const [found, none] = await page.evaluate(async () => {
    const loaded = (element: ReturnType<typeof stage.add>) =>
      new Promise<number>((done) =>
        element.addEventListener("load", ({ detail }) => done(detail.faces)),
      );
    const photo = stage.add({ src: "/examples/photo.jpg", model: "small", photo: "whole" });
    const faces = await loaded(photo);
    const { width, height } = stage.inside("canvas", photo) as HTMLCanvasElement;
    const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 120 });
    canvas.getContext("2d")!.fillRect(0, 0, 160, 120);
    const black = stage.add({ src: canvas.toDataURL(), model: "small", photo: "whole" });
    const text = () => stage.inside(".pill", black)?.textContent;
    return [
      { faces, width, height, state: photo.state },
      { faces: await loaded(black), text: text(), state: black.state },
    ];
  });
  await opened.screenshot("element-whole");
  const barAgain = await page.evaluate(() => {
    const black = document.querySelectorAll<ReturnType<typeof stage.add>>("small-face")[1];
    black.restore().catch(() => {});
    return stage.inside("[role=progressbar]", black)?.checkVisibility();
  });
  expect(barAgain, "the bar comes back with the next picture").toBe(true);
  expect(found).toEqual({ faces: 1, width: 512, height: 512, state: "ready" });
  expect(none).toEqual({ faces: 0, text: "No face found", state: "idle" });
});

test.skipIf(FIREFOX)("who prefers reduced motion sees none", async () => {
  const durations = async (reducedMotion: boolean) => {
    const { page } = await openStage({ reducedMotion });
    return page.evaluate(() => {
      stage.add({});
      return ["canvas", ".side", ".bar"].map(
        (name) => getComputedStyle(stage.inside(name)!).transitionDuration,
      );
    });
  };
  expect(await durations(true)).toEqual(["0s", "0s", "0s"]);
  expect(await durations(false)).toEqual(["0.5s", "0.5s", "0.2s"]);
});

test("a pointer drags the slider", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate((src) => void stage.add({ src, model: "small" }), PICTURE);
  await state(opened, "ready");
  await page.mouse.move(24 + 160, 100);
  await page.mouse.down();
  await page.mouse.move(24 + 80, 120, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(24 + 300, 120);
  expect(await page.evaluate(() => stage.inside("[role=slider]")?.ariaValueNow)).toBe("25");
});

test("strength shows at once, and toBlob has what is shown", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate((src) => void stage.add({ src, model: "small", strength: "0" }), PICTURE);
  await state(opened, "ready");
  const distances = await page.evaluate(async () => {
    const element = document.querySelector("small-face") as ReturnType<typeof stage.add>;
    const pixels = async (blob: Blob) => {
      const bitmap = await createImageBitmap(blob, { resizeWidth: 8, resizeHeight: 8 });
      const context = new OffscreenCanvas(8, 8).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, 8, 8).data;
    };
    const original = await pixels(await (await fetch(element.src)).blob());
    const distance = async (strength: number) => {
      element.strength = strength;
      const shown = await pixels(await element.toBlob());
      return shown.reduce((sum, level, i) => sum + Math.abs(level - original[i]), 0);
    };
    const some = [await distance(0), await distance(0.5), await distance(1)];
    const said: string[] = [];
    for (const wrong of ["-1", "2", "much", "50%"]) {
      element.setAttribute("strength", wrong);
      said.push(await element.toBlob().then(() => "a file", String));
    }
    element.setAttribute("strength", " ");
    return { some, said, empty: element.strength };
  });
  const [none, half, whole] = distances.some;
  for (const [i, shown] of ["-1", "2", "NaN", "NaN"].entries())
    expect(distances.said[i]).toMatch(`strength is ${shown}, it must be a number from 0 to 1`);
  expect(distances.empty, "an attribute without a value says nothing").toBe(1);
  // the file has the model's 32 pixels across, the original 128
  expect(none / whole).toBeLessThan(0.2);
  expect(half / whole).toBeGreaterThan(0.4);
  expect(half / whole).toBeLessThan(0.6);
  expect(await page.evaluate(() => stage.seen.events)).toEqual(["load"]);
});
