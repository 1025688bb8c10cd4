import type { EChartsOption, LineSeriesOption } from "echarts";
import type { BenchResult, Ceilings, KernelRow } from "../result";
import { type Chart, FONT, hover, NARROW, TOOLTIP } from "./chart";
import { families, family } from "./families";
import { digits, duration, percent } from "./units";

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Kernels that have a place in the plot; those without multiply-adds have none on its log axes. */
export function plotted(kernels: readonly KernelRow[]): KernelRow[] {
  return kernels.filter(({ gflops, intensity }) => gflops > 0 && intensity > 0);
}

/**
 * The roofline plot: each kernel by FLOP per byte and GFLOP/s, under the roof that the same run measured.
 *
 * Units     x FLOP per byte, y GFLOP/s, both logarithmic; the area of a mark grows with its time
 * Source    Williams, Waterman, Patterson: Roofline (CACM 2009)
 */
export function rooflineChart({ kernels, ceilings }: BenchResult): Chart {
  const rows = plotted(kernels);
  // a decade to the left of the ridge is where the lines have their names: nothing lies above the slope
  const x = decades([...rows.map(({ intensity }) => intensity), ridge(ceilings) / 10]);
  const y = decades([...rows.map(({ gflops }) => gflops), ceilings.fmaGflops]);
  const names = families(rows.map(({ name }) => name));
  const option: EChartsOption = {
    textStyle: FONT,
    animation: false,
    grid: { left: 56, right: 20, top: 40, bottom: 84 },
    tooltip: TOOLTIP,
    legend: {
      bottom: 0,
      icon: "circle",
      itemWidth: 9,
      itemHeight: 9,
      data: names.map(({ name }) => name),
      textStyle: { color: "--ink", ...FONT },
    },
    xAxis: axis("FLOP per byte", x, 26),
    yAxis: axis("GFLOP/s", y, 14),
    series: [
      ...roofLines(ceilings, x),
      ...names.map(({ name, color }) => marks(name, color, rows, longest(rows))),
    ],
  };
  const media = [{ query: { maxWidth: NARROW }, option: { grid: { left: 44, bottom: 124 } } }];
  return {
    id: "roofline",
    label: `${rows.length} kernels under the roofline of this adapter.`,
    height: 520,
    option: { baseOption: option, media },
  };
}

/** FLOP per byte from which arithmetic is the limit, not memory. */
function ridge({ fmaGflops, copyGbps }: Ceilings): number {
  return fmaGflops / copyGbps;
}

/** Whole powers of ten around all values. */
function decades(values: readonly number[]): Range {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  const low = 10 ** Math.floor(Math.min(...logs));
  // 1.15 leaves room for a line that lies on the upper edge
  return { low, high: 10 ** Math.ceil(Math.max(...logs) + Math.log10(1.15)) };
}

function axis(name: string, { low, high }: Range, nameGap: number) {
  return {
    type: "log" as const,
    min: low,
    max: high,
    name,
    nameGap,
    nameLocation: name === "GFLOP/s" ? ("end" as const) : ("middle" as const),
    nameTextStyle: { color: "--soft", ...FONT },
    axisLabel: { color: "--soft", ...FONT },
    axisLine: { show: true, onZero: false, lineStyle: { color: "--rule" } },
    splitLine: { lineStyle: { color: "--grid" } },
  };
}

function roofLines(ceilings: Ceilings, x: Range): LineSeriesOption[] {
  const { fmaGflops, matmulGflops, copyGbps } = ceilings;
  const slope = [x.low, x.low * copyGbps];
  const flat = (gflops: number, name: string) => [
    { value: [gflops / copyGbps, gflops], label: { show: true, formatter: name } },
    [x.high, gflops],
  ];
  return [
    line("roof", [slope, ...flat(fmaGflops, `FMA loop\n${digits(fmaGflops)}`)], "solid"),
    line("matmul", flat(matmulGflops, `plain matmul\n${digits(matmulGflops)}`), "dashed"),
  ];
}

function line(
  name: string,
  points: NonNullable<LineSeriesOption["data"]>,
  type: "solid" | "dashed",
): LineSeriesOption {
  return {
    type: "line",
    name,
    data: points,
    label: {
      position: "left",
      align: "right",
      offset: [-5, -7],
      color: "--soft",
      lineHeight: 15,
      ...FONT,
    },
    // a symbol of no size still carries the label
    symbolSize: 0,
    silent: true,
    z: 1,
    lineStyle: { color: "--ink", width: type === "solid" ? 1.5 : 1, type },
  };
}

function marks(name: string, color: string, rows: readonly KernelRow[], longestMs: number) {
  const own = rows.filter((row) => family(row.name).name === name);
  return {
    type: "scatter" as const,
    name,
    z: 3,
    itemStyle: { color, opacity: 0.85, borderColor: "--page", borderWidth: 1 },
    emphasis: { itemStyle: { borderColor: "--ink", borderWidth: 1.5, opacity: 1 } },
    data: own.map((row) => ({
      value: [row.intensity, row.gflops],
      symbolSize: 7 + 19 * Math.sqrt(row.ms / longestMs),
      tooltip: hover(row.layer, [
        `${row.name} ${row.shape}`,
        `${duration(row.ms)}, ${digits(row.gflops)} GFLOP/s, ${digits(row.gbps)} GB/s`,
        `${percent(row.ceiling_fraction)} of the roofline, ${percent(row.fma_fraction)} of the FMA loop`,
      ]),
    })),
  };
}

function longest(rows: readonly KernelRow[]): number {
  return Math.max(...rows.map(({ ms }) => ms));
}
