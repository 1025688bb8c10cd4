import { expect, test } from "vitest";
import { openStage, state } from "./stage";

const PICTURE = "/examples/astronaut.png";

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
  expect(shown).toMatch(/^gpu: there is no navigator\.gpu; use a browser with WebGPU/);
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

test.each([1, 2])("another src between the result and its showing, at then() %i", async (at) => {
  const { page } = await openStage();
  const shown = await page.evaluate(
    async (src, turn) => {
      let turns = 0;
      const element = stage.add({ src, model: "small" });
      const { then } = Promise.prototype;
      // the result passes through two on its way to be shown
      const watch = (by: typeof then) => Reflect.set(Promise.prototype, "then", by);
      const passing = (value: unknown) => {
        if (!(value instanceof Object && "picture" in value) || ++turns !== turn) return;
        watch(then);
        element.src = "/examples/clean/astronaut.png";
      };
      const watched: typeof then = function (this: Promise<unknown>, take, fail) {
        const seen = (value: unknown) => {
          passing(value);
          return take?.(value);
        };
        return Reflect.apply(then, this, [take && seen, fail]);
      };
      watch(watched);
      return new Promise<string[]>((done) => {
        const sources: string[] = [];
        element.addEventListener("load", () => {
          sources.push((stage.inside("img", element) as HTMLImageElement).src);
          setTimeout(() => done(sources), 1000);
        });
      });
    },
    PICTURE,
    at,
  );
  expect(shown).toEqual([expect.stringMatching(/clean/)]);
});

test("another src while the network runs: that picture is waited for", async () => {
  const { page } = await openStage();
  const events = await page.evaluate(async (src) => {
    const element = stage.add({ src, model: "small" });
    const change = ({ detail }: CustomEvent<{ readonly phase: string }>) => {
      if (detail.phase !== "restore") return;
      element.removeEventListener("progress", change);
      element.src = "/examples/clean/astronaut.png";
    };
    element.addEventListener("progress", change);
    await new Promise((done) => {
      for (const type of ["load", "error"]) element.addEventListener(type, done);
    });
    return stage.seen.events;
  }, PICTURE);
  expect(events).toEqual(["load"]);
});

test("in no document it restores nothing, and takes no model", async () => {
  const { page } = await openStage();
  const said = await page.evaluate(async (src) => {
    const element = stage.add({ src, model: "small", loading: "lazy" });
    element.remove();
    await new Promise((done) => setTimeout(done, 50));
    const never = document.createElement("small-face") as typeof element;
    Object.assign(never, { src, model: "small" });
    const tries = [element, never].map((each) => each.restore().then(() => "restored", String));
    return [...(await Promise.all(tries)), element.state, stage.seen.loads];
  }, PICTURE);
  const sentence = "AbortError: gpen-face: it is in no document; append it first";
  expect(said).toEqual([sentence, sentence, "idle", 0]);
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
