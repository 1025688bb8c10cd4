import type { EChartsOption } from "echarts";
import type { ModelRow } from "../result";
import { type Chart, FONT, hover, NARROW, TOOLTIP } from "./chart";
import { axisUnit, duration, percent } from "./units";

/** Parts of loading and of the first image, in the order that they go by. */
export const LOADING = [
  { key: "read_ms", name: "read weights", says: "reading the weights", color: "--rest" },
  { key: "upload_ms", name: "upload", says: "uploading them", color: "--theirs" },
  { key: "pipelines_ms", name: "pipelines", says: "making pipelines", color: "--fir" },
  { key: "first_ms", name: "first image", says: "the first image itself", color: "--ours" },
] as const;

/** From opening the file to the first image, one bar a model. */
export function loadingChart(models: readonly ModelRow[]): Chart {
  const axis = axisUnit(Math.max(...models.map(loadingMs)));
  const option: EChartsOption = {
    textStyle: FONT,
    animation: false,
    grid: { left: 78, right: 64, top: 36, bottom: 26 },
    tooltip: TOOLTIP,
    legend: {
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 11,
      itemHeight: 11,
      textStyle: { color: "--ink", ...FONT },
      data: LOADING.map(({ name }) => name),
    },
    xAxis: {
      type: "value",
      axisLabel: { color: "--soft", ...FONT, formatter: `{value} ${axis.unit}`, hideOverlap: true },
      splitLine: { lineStyle: { color: "--grid" } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: models.map(({ model, precision }) => `${model}\n${precision}`),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "--rule" } },
      axisLabel: { color: "--ink", lineHeight: 16, ...FONT },
    },
    series: [...LOADING.map((part) => stacked(part, models, axis.ms)), totals(models)],
  };
  // the legend takes two lines on a phone
  const narrow = { grid: { top: 50 } };
  return {
    id: "loading",
    label: models.map((model) => `${model.model}: ${duration(loadingMs(model))}`).join(", "),
    height: 80 + 52 * models.length,
    option: { baseOption: option, media: [{ query: { maxWidth: NARROW }, option: narrow }] },
  };
}

/** Milliseconds from opening the file to the first image. */
export function loadingMs({ phases }: ModelRow): number {
  return LOADING.reduce((sum, { key }) => sum + phases[key], 0);
}

function stacked(
  { key, name, color }: (typeof LOADING)[number],
  models: readonly ModelRow[],
  unitMs: number,
) {
  return {
    type: "bar" as const,
    name,
    stack: "loading",
    barWidth: 26,
    itemStyle: { color, borderColor: "--page", borderWidth: 0.5 },
    emphasis: { itemStyle: { borderColor: "--ink", borderWidth: 1.5 } },
    data: models.map((model) => ({
      value: model.phases[key] / unitMs,
      tooltip: hover(`${name}, ${model.model} ${model.precision}`, [
        `${duration(model.phases[key])}, ${percent(model.phases[key] / loadingMs(model))}`,
      ]),
    })),
  };
}

/** The whole time at the end of each bar: an empty piece that carries the label. */
function totals(models: readonly ModelRow[]) {
  const text = { show: true, position: "right", color: "--ink", fontWeight: 600 } as const;
  return {
    type: "bar" as const,
    stack: "loading",
    silent: true,
    data: models.map((model) => ({
      value: 0,
      label: { ...text, ...FONT, formatter: duration(loadingMs(model)) },
    })),
  };
}
