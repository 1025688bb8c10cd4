import type { EChartsOption } from "echarts";
import type { PeerRow, Phase } from "../result";
import { type Chart, FONT, hover, NARROW, TOOLTIP } from "./chart";
import { axisUnit, digits, duration, durationSpread, times } from "./units";

/** Rows of one model, precision, adapter and phase: one chart, because their times are comparable. */
export interface PeerGroup {
  readonly model: string;
  readonly precision: string;
  readonly adapter: string;
  readonly phase: Phase;
  readonly rows: readonly PeerRow[];
}

/** What a phase is, as the report says it. */
export const PHASES: Readonly<Record<Phase, string>> = {
  warm: "a warm image",
  first: "the first image after loading",
  cold: "from process start to the first image",
};

/** Warm first, since that is what most people ask for; the order of models is the result's. */
export function groupPeers(rows: readonly PeerRow[]): PeerGroup[] {
  const groups = new Map<string, PeerRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.model, row.precision, row.adapter, row.phase]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const phases = Object.keys(PHASES);
  const list = [...groups.values()].map((rows) => {
    const { model, precision, adapter, phase } = rows[0];
    return { model, precision, adapter, phase, rows };
  });
  const models = [...new Set(list.map(modelOf))];
  const place = (group: PeerGroup) =>
    models.indexOf(modelOf(group)) * phases.length + phases.indexOf(group.phase);
  return list.sort((a, b) => place(a) - place(b));
}

/** What the charts of one row of the report have in common. */
export function modelOf({ model, precision, adapter }: Omit<PeerGroup, "phase" | "rows">): string {
  return `${model}, ${precision}, ${adapter}`;
}

/** Bars in pairs, ours above a peer, with the range of each and the ratio of the two. */
export function peerChart(group: PeerGroup, id: string): Chart {
  const { rows } = group;
  const longest = Math.max(...rows.flatMap(({ ours, theirs }) => [ours.high, theirs.high]));
  const axis = axisUnit(longest);
  const option: EChartsOption = {
    textStyle: FONT,
    animation: false,
    grid: { left: 8, right: 104, top: 4, bottom: 26 },
    tooltip: TOOLTIP,
    xAxis: {
      type: "value",
      max: longest / axis.ms,
      axisLabel: {
        color: "--soft",
        ...FONT,
        hideOverlap: true,
        formatter: `{value} ${axis.unit}`,
        showMaxLabel: false,
        alignMinLabel: "left",
      },
      splitLine: { showMaxLine: false, lineStyle: { color: "--grid" } },
      splitNumber: 3,
    },
    yAxis: { type: "category", inverse: true, show: false, data: rows.flatMap(() => LINES) },
    series: [bars(rows, axis.ms), ...rows.flatMap((row, i) => whiskers(row, i, axis.ms))],
  };
  const media = [{ query: { maxWidth: NARROW }, option: { xAxis: { splitNumber: 2 } } }];
  return {
    id,
    label: `${group.model}, ${PHASES[group.phase]}: ${rows.map(sentence).join("; ")}.`,
    height: 34 + 74 * rows.length,
    option: { baseOption: option, media },
  };
}

/** A peer takes a line for its name, one for our bar and one for its own. */
const LINES = ["name", "ours", "theirs"];

function sentence(row: PeerRow): string {
  return `ours ${duration(row.ours_ms)}, ${row.peer} ${duration(row.peer_ms)}`;
}

function bars(rows: readonly PeerRow[], unitMs: number) {
  const name = ({ peer }: PeerRow) => ({
    value: 0,
    label: { show: true, formatter: peer.replaceAll("{", "("), color: "--soft", ...FONT },
  });
  const bar = (row: PeerRow, ms: number, color: string) => ({
    value: ms / unitMs,
    itemStyle: { color },
    tooltip: hover(`Against ${row.peer}`, [
      `ours ${durationSpread(row.ours)}`,
      `theirs ${durationSpread(row.theirs)}`,
      `ratio ${times(row.ratio)} (${digits(row.ratio_low)}–${digits(row.ratio_high)})`,
    ]),
  });
  return {
    type: "bar" as const,
    barWidth: "78%",
    label: { position: "insideLeft" as const },
    data: rows.flatMap((row) => [
      name(row),
      bar(row, row.ours_ms, "--ours"),
      bar(row, row.peer_ms, "--theirs"),
    ]),
  };
}

/** The ranges of both bars of a pair, from the fastest to the slowest sample, and the figures after them. */
function whiskers(row: PeerRow, i: number, unitMs: number) {
  const text = { show: true, position: "right", color: "--ink", fontWeight: 600 } as const;
  const figures = [duration(row.ours_ms), `${duration(row.peer_ms)}  ${times(row.ratio)}`];
  return [row.ours, row.theirs].map(({ low, high }, which) => {
    const line = LINES.length * i + 1 + which;
    const label = { ...text, ...FONT, formatter: figures[which] };
    return {
      type: "line" as const,
      data: [{ value: [low / unitMs, line] }, { value: [high / unitMs, line], label }],
      symbol: "rect",
      symbolSize: [1.5, 9],
      silent: true,
      itemStyle: { color: "--ink" },
      lineStyle: { color: "--ink", width: 1 },
    };
  });
}
