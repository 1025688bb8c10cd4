import type { EChartsOption } from "echarts";
import type { ModelRow } from "../result";
import { type Chart, FONT, hover, TOOLTIP } from "./chart";
import { families, family } from "./families";
import { axisUnit, duration, percent } from "./units";

/** A piece of a strip. */
interface Segment {
  readonly name: string;
  readonly color: string;
  readonly ms: number;
  readonly lines: readonly string[];
}

/** Rows of the strip: every step in its place, and the same time sorted by kind of kernel. */
const [BY_KIND, IN_ORDER] = [0, 1];

/** Share of the whole from which a segment gets a separating line. */
const SEPARATED = 0.006;

/** Widths in CSS pixels from which a strip may show more names; 330 is left on a phone of 360. */
const [WIDE, MIDDLE, NARROWEST] = [900, 560, 330];

/** Width of a letter of a name, with some air. */
const LETTER = 7.2;

/** One warm image from left to right: above step by step in network order, below by kind of kernel. */
export function stripChart(model: ModelRow, id: string): Chart {
  const total = model.steps.reduce((sum, { ms }) => sum + ms, 0);
  const rows = [
    ...stepsInOrder(model, total).map((segment) => ({ segment, row: IN_ORDER })),
    ...byKind(model, total).map((segment) => ({ segment, row: BY_KIND })),
  ];
  const option: EChartsOption = {
    textStyle: FONT,
    animation: false,
    grid: { left: 2, right: 2, top: 4, bottom: 26 },
    tooltip: TOOLTIP,
    xAxis: timeAxis(total),
    yAxis: { type: "category", data: ["by kind", "in order"], show: false },
    series: rows.map(({ segment, row }) => bar(segment, row, total)),
  };
  const label = `${model.steps.length} steps of one ${model.model} image, ${duration(total)}.`;
  const names = (width: number) => ({
    series: rows.map(({ segment }) => ({ label: { show: fits(segment, total, width) } })),
  });
  const media = [
    { query: { maxWidth: WIDE }, option: names(MIDDLE) },
    { query: { maxWidth: MIDDLE }, option: names(NARROWEST) },
  ];
  return { id, label, height: 170, option: { baseOption: option, media } };
}

/** Kinds of kernels with their time, as the strip and its legend show them; the longest first. */
export function byKind({ steps }: Pick<ModelRow, "steps">, total: number): Segment[] {
  return families(steps.map(({ kernel }) => kernel))
    .map(({ name, color }) => {
      const own = steps.filter(({ kernel }) => family(kernel).name === name);
      const ms = own.reduce((sum, step) => sum + step.ms, 0);
      const count = own.length === 1 ? "1 step" : `${own.length} steps`;
      return { name, color, ms, lines: [`${duration(ms)}, ${percent(ms / total)}`, count] };
    })
    .sort((a, b) => b.ms - a.ms);
}

function stepsInOrder({ steps }: ModelRow, total: number): Segment[] {
  return steps.map(({ name, kernel, ms }) => ({
    name,
    color: family(kernel).color,
    ms,
    lines: [kernel, `${duration(ms)}, ${percent(ms / total)}`],
  }));
}

/** Time along the bottom, ending where the image is done. */
function timeAxis(total: number) {
  const { unit, ms } = axisUnit(total);
  return {
    type: "value" as const,
    min: 0,
    max: total / ms,
    axisLabel: {
      color: "--soft",
      ...FONT,
      formatter: `{value} ${unit}`,
      showMaxLabel: false,
      alignMinLabel: "left" as const,
      hideOverlap: true,
    },
    splitLine: { show: false },
  };
}

/** Whether a segment is wide enough for its name on a strip of `width` CSS pixels. */
function fits({ name, ms }: Segment, total: number, width: number): boolean {
  return (ms / total) * width > LETTER * name.length;
}

function bar(segment: Segment, row: number, total: number) {
  const { name, color, ms, lines } = segment;
  return {
    type: "bar" as const,
    name,
    stack: "time",
    barWidth: "92%",
    itemStyle: { color, borderColor: "--page", borderWidth: ms / total > SEPARATED ? 0.5 : 0 },
    emphasis: { itemStyle: { borderColor: "--ink", borderWidth: 1.5 } },
    label: {
      show: fits(segment, total, WIDE),
      formatter: name.replaceAll("{", "("),
      color: "--on-color",
      ...FONT,
    },
    data: [BY_KIND, IN_ORDER].map((each) => ({
      value: each === row ? ms / axisUnit(total).ms : null,
      tooltip: hover(name, lines),
    })),
  };
}
