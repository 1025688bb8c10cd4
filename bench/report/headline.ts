import type { BenchResult, KernelRow, PeerRow } from "../result";
import { html, type Markup } from "./markup";
import { groupPeers, PHASES } from "./peers";
import { lead } from "./section";
import { digits, duration, percent, times } from "./units";

interface Figure {
  readonly value: string;
  readonly what: string;
  readonly more: string;
}

/** The few numbers that most readers came for: the warm image, ours by each peer, and what is left. */
export function headline(result: BenchResult): Markup {
  const all = [...imageFigures(result), ...peerFigures(result), ...kernelFigures(result)];
  if (all.length === 0) return lead("Nothing but the ceilings of this adapter was measured.");
  const cards = all.map(
    ({ value, what, more }) =>
      html`<li><b>${value}</b><span>${what}</span><small>${more}</small></li>`,
  );
  return html`<ul class="headline">${cards}</ul>`;
}

function imageFigures({ models }: BenchResult): Figure[] {
  if (models.length === 0) return [];
  const { model, precision, phases } = models[0];
  const first = `${duration(phases.first_ms)} the first time`;
  return [{ value: duration(phases.warm_ms), what: `a ${model} image, ${precision}`, more: first }];
}

/** The first group is the first model, warm where that was measured. */
function peerFigures({ peers }: BenchResult): Figure[] {
  return (groupPeers(peers)[0]?.rows ?? []).map((row) => {
    const { ratio, ratio_low, ratio_high } = row;
    const [factor, low, high] =
      ratio >= 1 ? [ratio, ratio_low, ratio_high] : [1 / ratio, 1 / ratio_high, 1 / ratio_low];
    return {
      value: times(factor),
      what: `${ratio >= 1 ? "faster" : "slower"} than ${row.peer}`,
      more: `${comparison(row)}; ${digits(low)} to ${digits(high)}×`,
    };
  });
}

function comparison({ model, phase, ours_ms, peer_ms }: PeerRow): string {
  return `${model}, ${PHASES[phase]}: ${duration(ours_ms)} against ${duration(peer_ms)}`;
}

function kernelFigures({ kernels, ceilings }: BenchResult): Figure[] {
  const counted = kernels.filter(({ gflops }) => gflops > 0);
  if (counted.length === 0) return [];
  const gflops = throughput(counted);
  return [
    {
      value: percent(gflops / ceilings.fmaGflops),
      what: "of this adapter's arithmetic",
      more: `${counted.length} layers together: ${digits(gflops)} of ${digits(ceilings.fmaGflops)} GFLOP/s`,
    },
  ];
}

/** GFLOP/s of all layers run one after another. */
function throughput(rows: readonly KernelRow[]): number {
  const ms = rows.reduce((sum, row) => sum + row.ms, 0);
  return rows.reduce((sum, row) => sum + row.gflops * row.ms, 0) / ms;
}
