import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { htmlReport } from "../../bench/report/html";
import { duration } from "../../bench/report/units";
import { sampleResult } from "./sample_result";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = process.env.CHROMIUM_PATH ?? places.find((path) => existsSync(path));

/** The report as it is used. Skipped, and counted, where there is no Chromium to open it in. */
describe.skipIf(chromium === undefined)("the report in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpen-report-"));
  const faults: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const file = join(folder, "report.html");
    writeFileSync(file, htmlReport(sampleResult()));
    browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
    page = await browser.newPage();
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => faults.push(message.text()));
    page.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) faults.push(request.url());
    });
    await page.setViewport({ width: 390, height: 844 });
    await page.goto(`file://${file}`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test("draws every chart without a fault, a message or a request", async () => {
    const marks = await page.$$eval(".chart", (charts) =>
      charts.map((chart) => chart.querySelectorAll("svg path").length),
    );
    expect(marks).toHaveLength(10);
    expect(Math.min(...marks)).toBeGreaterThan(4);
    expect(faults).toEqual([]);
  });

  test("is no wider than a phone", async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test("changes its colours with the system's", async () => {
    const drawnIn = (color: string, other: string) =>
      page.waitForFunction(
        (yes, no) => {
          const drawn = document.querySelector("#loading-chart")?.innerHTML ?? "";
          return drawn.includes(yes) && !drawn.includes(no);
        },
        { timeout: 5000 },
        color,
        other,
      );
    const [light, dark] = ["#0b7a5e", "#3ecf9a"]; // --ours in palette.css
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await drawnIn(light, dark);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await drawnIn(dark, light);
  });

  test("reads the marks of a chart to who walks through them with the arrow keys", async () => {
    await page.focus("#layers-0");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const spoken = await page.$eval("#spoken", ({ textContent }) => textContent);
    expect(spoken).toMatch(/^ecd1\.blur\. fir\. 2\.57 ms, 0\.3 %$/);
  });

  test("sorts by number or name, and shows only the rows asked for", async () => {
    const column = (index: number) =>
      page.$$eval(
        "#kernels tbody tr:not([hidden])",
        (rows, at) => rows.map((row) => (row as HTMLTableRowElement).cells[at].textContent),
        index,
      );
    const sort = (index: number) =>
      page.$$eval("#kernels th button", (heads, at) => heads[at].click(), index);
    const times = sampleResult().kernels.map(({ ms }) => ms);
    await sort(3);
    expect((await column(3))[0]).toBe(duration(Math.max(...times)));
    await sort(3);
    expect((await column(3))[0]).toBe(duration(Math.min(...times)));
    await sort(0);
    expect((await column(0)).slice(0, 2)).toEqual(["GPEN-256 conv1", "GPEN-256 convs.0"]);
    await page.type("#kernels input", "winograd 128");
    expect(await column(0)).toEqual(["GPEN-256 convs.7", "GPEN-256 convs.9"]);
  });
});
