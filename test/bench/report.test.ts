import { describe, expect, test } from "vitest";
import { family } from "../../bench/report/families";
import { htmlReport } from "../../bench/report/html";
import { shortCommit, shortLayer, shortShape } from "../../bench/report/names";
import { groupPeers } from "../../bench/report/peers";
import { plotted, rooflineChart } from "../../bench/report/roofline";
import { stripChart } from "../../bench/report/strip";
import { terminalReport } from "../../bench/report/terminal";
import { bytes, duration, durationRange, percent, times } from "../../bench/report/units";
import type { BenchResult } from "../../bench/result";
import { sampleResult } from "./sample_result";

const sample = sampleResult();

/** A result of a run that measured the ceilings alone. */
const EMPTY: BenchResult = { ...sample, peers: [], models: [], kernels: [], notes: [] };

/** The JSON that the page draws its charts from. */
function chartsOf(page: string): { id: string; option: unknown }[] {
  const [, text] = page.match(/<script type="application\/json" id="charts">(.*?)<\/script>/s)!;
  return JSON.parse(text);
}

describe("units", () => {
  test("are those that a reader would choose, with three digits", () => {
    expect([0.0182, 0.428, 94.34, 999.4, 1234, 18_000].map(duration)).toEqual([
      "18.2 µs",
      "0.428 ms",
      "94.3 ms",
      "999 ms",
      "1.23 s",
      "18.0 s",
    ]);
    expect([41_300, 79.5e6, 2e9, 12].map(bytes)).toEqual(["41.3 kB", "79.5 MB", "2.00 GB", "12 B"]);
    expect([6.12, 0.108, 12.3].map(times)).toEqual(["6.1×", "0.11×", "12×"]);
    expect([0.0058, 0.58, 1.1].map(percent)).toEqual(["0.6 %", "58 %", "110 %"]);
  });

  test("do not gain a digit by rounding, and no number is no number", () => {
    expect([0.9997, 9.9996, Number.NaN, 0].map(duration)).toEqual([
      "1.00 ms",
      "10.0 ms",
      "?",
      "0 µs",
    ]);
    expect(durationRange(0.9996, 1.09)).toBe("1.00–1.09 ms");
    expect(durationRange(999, 1180)).toBe("999 ms–1.18 s");
  });
});

test("long names are shortened, and a checkout with changes stays one", () => {
  expect(shortLayer("GPEN-256 w.1, w.2, w.3")).toBe("GPEN-256 w.1 and 2 more");
  expect(shortShape("1x48x64x64, w 48x24x3x3, b, stride 2")).toBe("1x48x64x64, w 48x24x3x3");
  expect(shortShape("1x24x129x129, x 1x24x128x128, pad 2:2")).toBe("1x24x129x129");
  expect(shortCommit("7283cce5c37a9fd2-dirty")).toBe("commit 7283cce5c37a-dirty");
});

test("kernels have the colour of their kind, those of tomorrow that of the rest", () => {
  const names = ["winograd_product", "modulated_upconv3x3", "conv2d", "to_rgb", "rgba8_to_planes"];
  const colors = [...names, "new_kernel"].map((name) => family(name).color);
  expect(colors).toEqual(["--winograd", "--upconv", "--encoder", "--rgb", "--rest", "--rest"]);
});

describe("charts", () => {
  test("the roofline has every kernel that multiplies, none of the others", () => {
    const { option } = rooflineChart(sample);
    const series = (option.baseOption as { series: { type: string; data: unknown[] }[] }).series;
    const marks = series.filter(({ type }) => type === "scatter").flatMap(({ data }) => data);
    expect(marks).toHaveLength(plotted(sample.kernels).length);
    expect(marks.length).toBe(sample.kernels.filter(({ gflops }) => gflops > 0).length);
    expect(marks.length).toBeLessThan(sample.kernels.length);
  });

  test("the rows of a strip are equally long, as they are the same time", () => {
    const model = sample.models[0];
    const { option } = stripChart(model, "strip");
    const series = (option.baseOption as { series: { data: { value: number | null }[] }[] }).series;
    const length = (row: number) =>
      series.reduce((sum, { data }) => sum + (data[row].value ?? 0), 0);
    const total = model.steps.reduce((sum, { ms }) => sum + ms, 0);
    // sums of some 50 doubles in two orders
    expect(Math.abs(length(0) - total)).toBeLessThan(1e-9 * total);
    expect(Math.abs(length(1) - total)).toBeLessThan(1e-9 * total);
  });

  test("peers stand together by model and phase, warm first", () => {
    const groups = groupPeers([...sample.peers].reverse());
    expect(groups.map(({ model, phase }) => `${model} ${phase}`)).toEqual([
      "tiny warm",
      "tiny first",
      "tiny cold",
      "GPEN-256 warm",
      "GPEN-256 first",
      "GPEN-256 cold",
    ]);
    expect(groups.every(({ rows }) => rows.length === 3)).toBe(true);
  });
});

describe("the page", () => {
  test("asks no network for anything", () => {
    // ECharts knows how to load pictures; the policy forbids it
    const page = htmlReport(sample).replaceAll(/<script>.*?<\/script>/gs, "");
    expect(page.match(/default-src '[a-z]+'/g)).toEqual(["default-src 'none'"]);
    expect(page.match(/<(?:link|img|iframe)\b|\ssrc=|@import|url\(/)).toBeNull();
    expect(page.match(/--page: #/g)?.length, "the palettes, light and dark").toBe(2);
  });

  test("has a place for every chart", () => {
    const page = htmlReport(sample, sample);
    const ids = chartsOf(page).map(({ id }) => id);
    // 6 of peers, loading, 2 strips, roofline; peers and loading of the browser
    expect(ids).toHaveLength(17);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(page.includes(` id="${id}"`), id).toBe(true);
  });

  test("says in a sentence what was not measured, instead of drawing nothing", () => {
    const page = htmlReport(EMPTY);
    expect(chartsOf(page)).toEqual([]);
    for (const sentence of [
      "Nothing but the ceilings",
      "No peer was run",
      "No kernel was timed by itself in",
    ]) {
      expect(page.includes(sentence), sentence).toBe(true);
    }
    const untimed = sample.models.map((model) => ({ ...model, steps: [] }));
    const partial = htmlReport({ ...sample, models: untimed });
    expect(partial.match(/were not timed one by one/g)).toHaveLength(untimed.length);
  });

  test("escapes every name that comes from outside", () => {
    const bad = `</script><script>alert("x")</script>{b}'`;
    const page = htmlReport({
      ...sample,
      environment: { ...sample.environment, adapter: bad, driver: bad, cpu: bad },
      notes: [bad],
      peers: sample.peers.map((row) => ({ ...row, peer: bad, model: bad })),
      models: sample.models.map((row) => ({ ...row, model: bad })),
      kernels: sample.kernels.map((row) => ({ ...row, name: bad, layer: bad, shape: bad })),
    });
    expect(page.match(/<script>alert/)).toBeNull();
    // the names of tooltips are HTML once more, in JSON
    expect(JSON.stringify(chartsOf(page)).match(/"formatter":"<b>[^"]*<script/)).toBeNull();
  });

  test("calls slower what is slower", () => {
    const slower = /9\.3×<\/b><span>slower than onnxruntime CPU, lean/;
    expect(htmlReport(sample).match(slower)).not.toBeNull();
  });
});

describe("the terminal", () => {
  test("has every row, and no line is wider than 100 columns", () => {
    const lines = terminalReport(sample).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    const rows = sample.kernels.filter(({ name }) => lines.some((line) => line.startsWith(name)));
    expect(rows).toHaveLength(sample.kernels.length);
    expect(lines.filter((line) => line.includes("onnxruntime"))).toHaveLength(sample.peers.length);
  });

  test("says what was not measured, and keeps control characters out", () => {
    const { environment } = sample;
    const report = terminalReport({
      ...EMPTY,
      environment: { ...environment, adapter: "a\u001b[2J" },
    });
    expect(report).toContain("Ours against peers: none measured");
    expect(report).not.toContain("\u001b");
  });
});
