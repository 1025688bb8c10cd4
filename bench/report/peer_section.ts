import type { BenchResult, PeerRow } from "../result";
import { canvas } from "./chart";
import { html } from "./markup";
import { groupPeers, modelOf, type PeerGroup, PHASES, peerChart } from "./peers";
import { lead, missingSection, type Section } from "./section";
import { type Cell, type Head, sortable } from "./sortable";
import { digits, duration, durationRange, times } from "./units";

const TITLE = "Ours against peers";

/** Charts by model and phase, then the same as a table. `id` tells several runs on one page apart. */
export function peerSection({ peers }: BenchResult, id: string): Section {
  if (peers.length === 0) {
    return missingSection(id, TITLE, "No peer was run beside ours.");
  }
  const groups = groupPeers(peers).map((group, i) => ({
    group,
    chart: peerChart(group, `${id}-${i}`),
  }));
  const models = [...new Set(groups.map(({ group }) => modelOf(group)))];
  const body = models.map((model) => {
    const figures = groups
      .filter(({ group }) => modelOf(group) === model)
      .map(({ group, chart }) => {
        return html`<figure><figcaption>${caption(group)}</figcaption>${canvas(chart)}</figure>`;
      });
    return html`<h3>${model}</h3><div class="phases">${figures}</div>`;
  });
  return {
    id,
    title: TITLE,
    body: html`${lead(sentence(peers))}${body}${table(peers)}`,
    charts: groups.map(({ chart }) => chart),
  };
}

function caption({ phase }: PeerGroup) {
  const [first, ...rest] = PHASES[phase];
  return `${first.toUpperCase()}${rest.join("")}`;
}

function sentence(peers: readonly PeerRow[]): string {
  const samples = peers.flatMap(({ ours, theirs }) => [ours.samples, theirs.samples]);
  const [fewest, most] = [Math.min(...samples), Math.max(...samples)];
  const runs = fewest === most ? `${most}` : `${fewest} to ${most}`;
  return `Shorter is faster. In each pair ours is the coloured bar and the peer the grey one, taken in turns: the median of ${runs} run${most === 1 ? "" : "s"}; the thin line reaches from the fastest to the slowest. What comes first comes once in a process. The factor is the peer's time by ours, so above 1× we are faster.`;
}

const HEADS: readonly Head[] = [
  { name: "model" },
  { name: "peer" },
  { name: "phase" },
  { name: "ours", number: true },
  { name: "range", number: true },
  { name: "theirs", number: true },
  { name: "range", number: true },
  { name: "ratio", number: true },
  { name: "range", number: true },
];

function table(peers: readonly PeerRow[]) {
  return sortable("Every comparison", HEADS, peers.map(cells));
}

function cells(row: PeerRow): Cell[] {
  const { ours, theirs } = row;
  return [
    { text: `${row.model} ${row.precision}` },
    { text: row.peer },
    { text: row.phase },
    { text: duration(row.ours_ms), by: row.ours_ms },
    { text: durationRange(ours.low, ours.high), by: ours.low },
    { text: duration(row.peer_ms), by: row.peer_ms },
    { text: durationRange(theirs.low, theirs.high), by: theirs.low },
    { text: html`<b>${times(row.ratio)}</b>`, by: row.ratio },
    { text: `${digits(row.ratio_low)}–${digits(row.ratio_high)}`, by: row.ratio_low },
  ];
}
