import type { EChartsOption } from "echarts";
import { html, type Markup } from "./markup";

/** A chart that page.js draws; without it the figure still has its sentence. */
export interface Chart {
  readonly id: string;
  /** What the picture shows, for who cannot see it. */
  readonly label: string;
  /** CSS pixels. */
  readonly height: number;
  /** Plain data. Texts that are names of CSS custom properties ("--ink") become their values. */
  readonly option: EChartsOption;
}

/** Width in CSS pixels up to which a chart takes its narrow form; a phone held upright has 390. */
export const NARROW = 560;

export const FONT = { fontFamily: "--font", fontSize: 12 };

export const TOOLTIP = {
  trigger: "item",
  confine: true,
  backgroundColor: "--raised",
  borderColor: "--rule",
  textStyle: { color: "--ink", fontSize: 13 },
  extraCssText: "box-shadow: none; border-radius: 6px; max-width: 20rem; white-space: normal",
} as const;

/** The box that opens over one mark: a bold first line, the others below. */
export function hover(title: string, lines: readonly string[]): { readonly formatter: string } {
  const rows = lines.filter((line) => line !== "").map((line) => html`<br>${line}`);
  // braces are ECharts' own placeholders
  const markup = html`<b>${title}</b>${rows}`.markup;
  return { formatter: markup.replaceAll("{", "&#123;") };
}

/** Where page.js draws a chart; arrow keys walk through its marks. */
export function canvas({ id, label, height }: Chart): Markup {
  return html`<div class="chart" id="${id}" style="height:${height}px" tabindex="0" role="img" aria-label="${label} Arrow keys read the marks one by one."></div>`;
}
