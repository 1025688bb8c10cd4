import { expect, test } from "vitest";
import { type OpenPage, type OpenPageOptions, openPage } from "./browser";

const PICTURE = "/examples/astronaut.png";

async function openStage(options: OpenPageOptions = {}): Promise<OpenPage> {
  const opened = await openPage("/test/e2e/pages/element.html", options);
  await opened.page.waitForFunction(() => "stage" in window);
  return opened;
}

/** Waits until the only element has this state. */
function state({ page }: OpenPage, state: string) {
  const there = (wanted: string) =>
    document.querySelector<HTMLElement & { state: string }>("small-face,gpen-face")?.state ===
    wanted;
  return page.waitForFunction(there, { timeout: 30_000 }, state);
}

test("shows the picture, restores it, and a screen reader finds a slider", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate(
    (src) => void stage.add({ src, model: "small", alt: "An astronaut" }),
    PICTURE,
  );
  await state(opened, "ready");
  const tree = await page.accessibility.snapshot();
  expect(tree?.children).toEqual([
    expect.objectContaining({ role: "image", name: "An astronaut" }),
    expect.objectContaining({
      role: "slider",
      name: "Compare before and after",
      valuemin: 0,
      valuemax: 100,
      value: 50,
    }),
    expect.objectContaining({ role: "status" }),
  ]);
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
        element.addEventListener("load", (event) => done((event as CustomEvent).detail.faces)),
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

test("who prefers reduced motion sees none", async () => {
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

test.each([
  ["no model", { src: PICTURE }, "gpen-face: model is missing; give it the URL of a weights file"],
  [
    "a file that holds no weights",
    { src: PICTURE, model: "broken" },
    /^weights: this is a web page, not a model/,
  ],
  [
    "no such picture",
    { src: "/nothing.png", model: "small" },
    "gpen-face: /nothing.png cannot be shown; check the link, and that it leads to a picture",
  ],
  [
    "a link that leads to no picture",
    { src: "/package.json", model: "small" },
    /^gpen-face: \/package.json cannot be shown/,
  ],
  [
    "a strength out of range",
    { src: PICTURE, model: "small", strength: "2" },
    "gpen-face: strength is 2, it must be a number from 0 to 1",
  ],
])("%s: one sentence under the picture, and an event", async (_, attributes, sentence) => {
  const opened = await openStage({ errors: /404/ });
  const { page } = opened;
  await page.evaluate((given) => void stage.add(given), attributes as Record<string, string>);
  await state(opened, "error");
  const [shown, events, slider] = await page.evaluate(() => [
    stage.inside("[role=alert]")?.textContent,
    stage.seen.events,
    stage.inside("[role=slider]")?.hidden,
  ]);
  expect(shown).toMatch(sentence);
  expect(events).toEqual([`error: ${shown}`]);
  expect(slider).toBe(true);
});

test("without WebGPU the picture is there, and one sentence", async () => {
  const before = () => Object.defineProperty(navigator, "gpu", { value: undefined });
  const opened = await openStage({ before });
  const { page } = opened;
  await page.evaluate((src) => void stage.add({ src, model: "small" }), PICTURE);
  await state(opened, "error");
  await opened.screenshot("element-without-webgpu");
  const [shown, width] = await page.evaluate(() => [
    stage.inside("[role=alert]")?.textContent,
    (stage.inside("img") as HTMLImageElement).naturalWidth,
  ]);
  expect(shown).toMatch(/^gpu: there is no navigator\.gpu here; use a browser with WebGPU/);
  expect(width).toBe(128);
});

test("another src ends what runs, and the last one is shown", async () => {
  const opened = await openStage();
  const { page } = opened;
  const results = await page.evaluate(async (src) => {
    const element = stage.add({ src, model: "small", loading: "lazy" });
    const first = element.restore().then(
      () => "restored",
      ({ name }) => name,
    );
    element.src = "/examples/clean/astronaut.png";
    return [await first, stage.seen.loads];
  }, PICTURE);
  await state(opened, "ready");
  expect(results).toEqual(["AbortError", 1]);
  expect(await page.evaluate(() => stage.seen.events)).toEqual(["load"]);
  expect(await page.evaluate(() => (stage.inside("img") as HTMLImageElement).src)).toMatch(/clean/);
});

test("elements share one model; it is disposed of when the last one leaves", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate((src) => {
    for (const _ of [1, 2, 3]) stage.add({ src, model: "small" });
  }, PICTURE);
  await page.waitForFunction(() => stage.seen.events.length === 3, { timeout: 30_000 });
  const disposed = await page.evaluate(async () => {
    const counts: number[] = [];
    const all = [...document.querySelectorAll("small-face")];
    document.body.prepend(all[2]); // moved, not removed
    for (const element of all) {
      counts.push(stage.seen.disposed);
      element.remove();
      await new Promise((done) => setTimeout(done, 50));
    }
    return [...counts, stage.seen.disposed];
  });
  expect(disposed).toEqual([0, 0, 0, 1]);
  expect(await page.evaluate(() => [stage.seen.loads, stage.seen.events])).toEqual([
    1,
    ["load", "load", "load"],
  ]);
});

test("removed while the model is on its way, it stops the download", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate((src) => void stage.add({ src, model: "slow" }), PICTURE);
  await page.waitForFunction(() => stage.inside("[role=progressbar]")?.ariaValueNow === "18");
  await opened.screenshot("element-loading");
  expect(await page.evaluate(() => stage.inside("[role=status]")?.textContent)).toBe("Downloading");
  const seen = await page.evaluate(async () => {
    document.querySelector("small-face")?.remove();
    await new Promise((done) => setTimeout(done, 50));
    return stage.seen;
  });
  expect(seen).toEqual({ loads: 1, aborted: 1, disposed: 0, events: [] });
});

test("a lazy element begins when it comes near the viewport", async () => {
  const opened = await openStage();
  const { page } = opened;
  await page.evaluate((src) => {
    stage.add({ src, model: "small", loading: "lazy" }).style.marginTop = "3000px";
  }, PICTURE);
  await new Promise((done) => setTimeout(done, 300));
  expect(await page.evaluate(() => stage.seen.loads)).toBe(0);
  await page.evaluate(() => scrollTo(0, 2600));
  await state(opened, "ready");
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
    return [await distance(0), await distance(0.5), await distance(1)];
  });
  const [none, half, whole] = distances;
  // the file has the model's 32 pixels across, the original 128
  expect(none / whole).toBeLessThan(0.2);
  expect(half / whole).toBeGreaterThan(0.4);
  expect(half / whole).toBeLessThan(0.6);
  expect(await page.evaluate(() => stage.seen.events)).toEqual(["load"]);
});
