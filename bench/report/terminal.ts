import CliTable from "cli-table3";
import type { BenchResult, KernelRow, ModelRow, PeerRow } from "../result";
import { shortCommit, shortLayer, shortShape } from "./names";
import { bytes, digits, duration, minute, percent, times } from "./units";

/** Columns of the widest line; a terminal of 80 wraps it, one of 100 does not. */
const WIDTH = 100;

interface Column {
  readonly head: string;
  readonly width: number;
  readonly align?: "right";
}

/** A result for the terminal: what ran where, ceilings, peers, models, kernels, notes. */
export function terminalReport(result: BenchResult): string {
  return [
    heading(result),
    ceilings(result),
    section("Ours against peers", result.peers, peerTable),
    section("Where the time of loading went", result.models, modelTable),
    section(kernelTitle(result.kernels), result.kernels, kernelTable),
    result.notes.map((note) => `! ${plain(note)}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function heading({ environment: at, date, commit }: BenchResult): string {
  const kind = at.software && !at.adapter.includes("(software)") ? " (software)" : "";
  return [
    `${at.adapter}${kind}${at.driver === "" ? "" : `, ${at.driver}`}`,
    `${at.runtime}, ${at.cpu}, ${at.os}`,
    `${minute(date)}, ${shortCommit(commit)}`,
  ]
    .map(plain)
    .join("\n");
}

function ceilings({ ceilings: { fmaGflops, matmulGflops, copyGbps } }: BenchResult): string {
  return `Ceilings  FMA ${digits(fmaGflops)} GFLOP/s, plain matmul ${digits(matmulGflops)} GFLOP/s, copy ${digits(copyGbps)} GB/s`;
}

function section<Row>(
  title: string,
  rows: readonly Row[],
  print: (rows: readonly Row[]) => string,
): string {
  return rows.length === 0 ? `${title}: none measured` : `${title}\n${print(rows)}`;
}

function peerTable(rows: readonly PeerRow[]): string {
  const columns: Column[] = [
    { head: "model", width: 15 },
    { head: "peer", width: 33 },
    { head: "phase", width: 7 },
    { head: "ours", width: 11, align: "right" },
    { head: "theirs", width: 11, align: "right" },
    { head: "ratio", width: 8, align: "right" },
    { head: "range", width: 15, align: "right" },
  ];
  return table(
    columns,
    rows.map((row) => [
      `${row.model} ${row.precision}`,
      row.peer,
      row.phase,
      duration(row.ours_ms),
      duration(row.peer_ms),
      times(row.ratio),
      `${digits(row.ratio_low)}–${digits(row.ratio_high)}×`,
    ]),
  );
}

function modelTable(rows: readonly ModelRow[]): string {
  const times = ["read", "upload", "pipelines", "first", "warm", "readback"] as const;
  const columns: Column[] = [
    { head: "model", width: 15 },
    ...times.map((head): Column => ({ head, width: 10, align: "right" })),
    { head: "weights", width: 12, align: "right" },
    { head: "activations", width: 12, align: "right" },
  ];
  return table(
    columns,
    rows.map((row) => [
      `${row.model} ${row.precision}`,
      ...times.map((each) => duration(row.phases[`${each}_ms`])),
      bytes(row.weight_bytes),
      bytes(row.activation_bytes),
    ]),
  );
}

function kernelTitle(rows: readonly KernelRow[]): string {
  const model = commonModel(rows);
  const of = model === "" ? "" : ` of ${plain(model.trim())}`;
  return `Kernels${of}, in percent of the roofline and of the FMA loop`;
}

/** "GPEN-256 " where all layers are that model's, and need not say so each; else "". */
function commonModel(rows: readonly KernelRow[]): string {
  if (rows.length === 0) return "";
  const model = `${rows[0].layer.split(" ")[0]} `;
  return rows.every(({ layer }) => layer.startsWith(model)) ? model : "";
}

function kernelTable(rows: readonly KernelRow[]): string {
  const prefix = commonModel(rows);
  const columns: Column[] = [
    { head: "kernel", width: 20 },
    { head: "layer", width: 16 },
    { head: "shape", width: 26 },
    { head: "time", width: 9, align: "right" },
    { head: "GFLOP/s", width: 8, align: "right" },
    { head: "GB/s", width: 7, align: "right" },
    { head: "roof", width: 8, align: "right" },
    { head: "FMA", width: 6, align: "right" },
  ];
  return table(
    columns,
    rows.map((row) => [
      row.name,
      shortLayer(row.layer.slice(prefix.length)),
      shortShape(row.shape),
      duration(row.ms),
      row.gflops > 0 ? digits(row.gflops) : "–",
      digits(row.gbps),
      percent(row.ceiling_fraction),
      row.gflops > 0 ? percent(row.fma_fraction) : "–",
    ]),
  );
}

/** Rows under a rule, in columns that together are at most WIDTH wide; longer texts wrap. */
function table(columns: readonly Column[], rows: readonly string[][]): string {
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  if (total > WIDTH) throw new RangeError(`terminal: columns are ${total} wide, not ${WIDTH}`);
  const printed = new CliTable({
    head: columns.map(({ head }) => head),
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align ?? "left"),
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1, compact: true },
    chars: NO_LINES,
  });
  printed.push(...rows.map((row) => row.map(plain)));
  const [head, ...body] = printed.toString().split("\n");
  return [head, "─".repeat(total), ...body].map((line) => line.trimEnd()).join("\n");
}

const NO_LINES = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"]
    .concat(["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"])
    .map((name) => [name, ""]),
);

/** A name that a file or a driver gave, without characters that steer the terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
}
