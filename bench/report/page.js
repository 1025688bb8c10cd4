const charts = new Map();
const spoken = document.getElementById("spoken");

/** The option with the values of CSS custom properties in place of their names. */
function colored(value, style) {
  if (typeof value === "string") {
    return value.startsWith("--") ? style.getPropertyValue(value).trim() : value;
  }
  if (Array.isArray(value)) return value.map((each) => colored(each, style));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, colored(each, style)]),
  );
}

function draw({ chart, option }) {
  const style = getComputedStyle(document.documentElement);
  chart.setOption(colored(option, style), { notMerge: true });
}

/** Marks that have something to say, in the order of the series. */
function marksOf(option) {
  return (option.baseOption ?? option).series.flatMap(({ data }, seriesIndex) =>
    data.flatMap((item, dataIndex) =>
      item?.tooltip && item.value !== null ? [{ seriesIndex, dataIndex, item }] : [],
    ),
  );
}

function walkWithArrows(element, { chart, option }) {
  const marks = marksOf(option);
  let at = -1;
  const leave = () => chart.dispatchAction({ type: "hideTip" });
  element.addEventListener("blur", leave);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") leave();
    if (step === undefined) return;
    event.preventDefault();
    at = (at + step + marks.length) % marks.length;
    const { seriesIndex, dataIndex, item } = marks[at];
    chart.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
    const text = new DOMParser().parseFromString(item.tooltip.formatter, "text/html");
    for (const line of text.querySelectorAll("br")) line.replaceWith(". ");
    spoken.textContent = text.body.textContent;
  });
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) charts.get(target)?.chart.resize();
});

for (const { id, option } of JSON.parse(document.getElementById("charts").textContent)) {
  const element = document.getElementById(id);
  const drawn = { chart: echarts.init(element, null, { renderer: "svg" }), option };
  charts.set(element, drawn);
  draw(drawn);
  walkWithArrows(element, drawn);
  resized.observe(element);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const drawn of charts.values()) draw(drawn);
});

/** What a cell is sorted by: its number where it has one, else its text. */
function sortKey(row, column) {
  const { dataset, textContent } = row.cells[column];
  return dataset.by === undefined ? textContent : Number(dataset.by);
}

function compare(a, b) {
  return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
}

for (const head of document.querySelectorAll(".sortable thead th")) {
  head.querySelector("button").addEventListener("click", () => {
    const { cellIndex, parentElement } = head;
    const body = head.closest("table").tBodies[0];
    // numbers are looked at from the largest
    const first = head.className === "number" ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    const order = head.ariaSort === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    const rows = [...body.rows].sort(
      (a, b) => sign * compare(sortKey(a, cellIndex), sortKey(b, cellIndex)),
    );
    for (const each of parentElement.cells) each.ariaSort = null;
    head.ariaSort = order;
    body.append(...rows);
  });
}

for (const input of document.querySelectorAll("input[data-filters]")) {
  const { rows } = document.querySelector(`#${input.dataset.filters} table`).tBodies[0];
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
