import { mkdirSync, writeFileSync } from "node:fs";
import { init } from "echarts";
import { heapSlope, type Sample, warmedUp } from "./level";
import type { Work } from "./page";

export interface SoakResult {
  readonly done: Work;
  /** Seconds that each kind of work took. */
  readonly spent: Work;
  readonly samples: readonly Sample[];
  readonly faults: readonly string[];
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);

/** Writes out/soak.json and, to look at, out/soak.svg. */
export function keep(result: SoakResult): void {
  mkdirSync("out", { recursive: true });
  writeFileSync("out/soak.json", `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync("out/soak.svg", chart(result.samples));
}

/** Keeps the result and prints a table of every fifth sample. */
export function report(result: SoakResult): void {
  keep(result);
  const { done, spent, samples } = result;
  const lines = ["restores  seconds   GPU MB  objects  devices  heap MB"];
  for (const [i, sample] of samples.entries()) {
    if (i % 5 > 0 && i < samples.length - 1) continue;
    const { restores, seconds, gpuBytes, gpuObjects, devices, heapBytes } = sample;
    const cells = [
      String(restores).padStart(8),
      seconds.toFixed(0).padStart(8),
      megabytes(gpuBytes).padStart(8),
      String(gpuObjects).padStart(8),
      String(devices).padStart(8),
      megabytes(heapBytes).padStart(8),
    ];
    lines.push(cells.join(" "));
  }
  const slope = heapSlope(warmedUp(samples)).toFixed(0);
  lines.push(
    `seconds: ${Object.entries(spent)
      .map(([kind, seconds]) => `${kind} ${seconds.toFixed(0)}`)
      .join(", ")}`,
    `${done.restores} restores of 32 px, ${done.embedded} of the embedded model, ${done.aborted} aborted, ${done.losses} devices lost, ${done.loads} models loaded and disposed of`,
    `heap: ${slope} bytes per restore after the warm-up; out/soak.svg shows it`,
  );
  console.log(lines.join("\n"));
}

function chart(samples: readonly Sample[]): string {
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: 900, height: 420 });
  const line = (name: string, of: (sample: Sample) => number) => ({
    name,
    type: "line" as const,
    data: samples.map((sample) => [sample.restores, of(sample) / 1e6]),
  });
  drawing.setOption({
    animation: false,
    legend: { top: 8 },
    grid: { left: 60, right: 30, top: 50, bottom: 50 },
    xAxis: { type: "value", name: "restores", nameLocation: "middle", nameGap: 28 },
    yAxis: { type: "value", name: "MB" },
    series: [
      line("on the GPU", ({ gpuBytes }) => gpuBytes),
      line("heap after collection", ({ heapBytes }) => heapBytes),
    ],
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}
