import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "puppeteer";
import { expect, test } from "vitest";
import { openSite, outcome, ready, restoreExample } from "./site";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const colorScheme of ["light", "dark"] as const) {
  test(`no violation of the accessibility rules before and after a restore, ${colorScheme}`, async () => {
    const { page } = await openSite("", { colorScheme, reducedMotion: true });
    await ready(page);
    expect(await violations(page)).toEqual([]);
    await restoreExample(page, "one face");
    expect(await violations(page)).toEqual([]);
    await page.evaluate(() => {
      location.hash = "#/how";
    });
    await page.waitForSelector("#how .stage");
    expect(await violations(page)).toEqual([]);
  });
}

for (const width of [360, 390, 768, 1280, 1920]) {
  test(`at ${width} px nothing is wider than the page`, async () => {
    const { page, screenshot } = await openSite("", { width, height: 800 });
    await ready(page);
    const overflow = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    expect(await overflow()).toBe(0);
    await screenshot(`site-${width}`);
    await page.evaluate(() => {
      location.hash = "#/how";
    });
    await page.waitForSelector("#how .stage");
    expect(await overflow()).toBe(0);
  });
}

test("a phone held sideways has most of its height for the picture", async () => {
  const { page, screenshot } = await openSite("", { width: 844, height: 390 });
  await restoreExample(page, "one face");
  await screenshot("site-landscape");
  const box = await page.$eval("#viewport", (viewport) =>
    viewport.getBoundingClientRect().toJSON(),
  );
  expect(box.height).toBeGreaterThanOrEqual(280);
  expect(box.width).toBeGreaterThanOrEqual(500);
  const adjust = await page.$eval("#strength", (range) => range.getBoundingClientRect().left);
  expect(adjust, "controls beside it").toBeGreaterThan(box.right);
});

test("what a finger hits is at least 44 px wide and high", async () => {
  const { page } = await openSite("", { width: 390, height: 800 });
  await restoreExample(page, "one face");
  expect(await smallTargets(page)).toEqual([]);
  await page.evaluate(() => {
    location.hash = "#/how";
  });
  await page.waitForSelector("#how .stage");
  expect(await smallTargets(page)).toEqual([]);
});

/** A checkbox is hit by its label, a range by its height; links in running text may be as low as it is. */
const smallTargets = (page: Page) =>
  page.$$eval("button, a, select, summary, .check, input[type=range], .split", (targets) =>
    targets.flatMap((target) => {
      const { width, height } = target.getBoundingClientRect();
      const seen = (target as HTMLElement).checkVisibility();
      return seen && Math.min(width, height) < 44 ? [target.outerHTML.slice(0, 90)] : [];
    }),
  );

test("the theme follows the system until the button is pressed, and is remembered", async () => {
  const { page, screenshot } = await openSite("", { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await screenshot("site-dark");
  await page.click("#theme");
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
  await page.evaluate(() => localStorage.clear());
});

test("the layout does not shift while the page opens", async () => {
  const { page } = await openSite("", { before: measureShift });
  await ready(page);
  expect(await page.evaluate(() => globalThis.shift)).toBeLessThan(0.02);
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  test(`the layout does not shift when a result comes, ${width} px wide`, async () => {
    const { page } = await openSite("", { width, height, before: measureShift });
    await ready(page);
    for (const name of ["one face", "whole photo"] as const) {
      await page.click(`[aria-label="Example: ${name}"]`);
      await page.waitForFunction(
        () => document.body.dataset.state === "working" && "opened" in document.body.dataset,
        { polling: 20 },
      );
      await drawn(page);
      // what moves because of the click is not counted: it is what was asked for
      const [before, shift] = [await tops(page), await page.evaluate(() => globalThis.shift)];
      expect(await page.$$eval("#strength:disabled, #download:disabled", (all) => all.length)).toBe(
        2,
      );
      expect(await outcome(page)).toBe("done");
      await drawn(page);
      expect(await tops(page)).toEqual(before);
      expect(await page.evaluate(() => globalThis.shift)).toBe(shift);
      expect(await page.$$eval("#strength:enabled, #download:enabled", (all) => all.length)).toBe(
        2,
      );
    }
  });
}

/** Where each part of the panel begins: Firefox does not measure layout shifts. */
const tops = (page: Page) =>
  page.$$eval("#panel > :is(section, footer)", (parts) =>
    parts.map((part) => `${part.className} ${Math.round(part.getBoundingClientRect().top)}`),
  );

/** Once what has changed is laid out and drawn. */
const drawn = (page: Page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );

declare global {
  /** Sum of the layout shifts so far. Source: web.dev/cls */
  var shift: number;
}

function measureShift(): void {
  globalThis.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      globalThis.shift += (entry as PerformanceEntry & { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
}

async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(AXE); // by the debugger: the page's own policy allows no other scripts
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120))}`,
    );
  });
}
