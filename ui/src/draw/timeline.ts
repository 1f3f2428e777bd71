// Values over time on a canvas: bars, or a heat map with a column per stretch of time and its cells from top to bottom.

import type { Timeline } from "../api/rest";

const BARS = 56;
const HEAT = 84;
/** Of each row when there are more than a few. */
const ONE_OF_MANY = 26;
const FEW = 4;
/** Browsers draw no canvas that is as tall as a row for each of thousands of threads. */
const MAX_ROWS = 400;
const LINE = 22;
/** Cells of a column of the heat map: fine enough to see what comes back many times a second. */
const HEAT_ROWS = 20;

export interface Range {
  from: number;
  to: number;
}

export interface TimelineView {
  timeline: Timeline;
  heat: boolean;
  /** In nanoseconds from the start; null for all of it. */
  chosen: Range | null;
  baseline: Range | null;
}

export const duration = (timeline: Timeline) => timeline.cellNanos * timeline.cells;

const rowHeight = (timeline: Timeline, heat: boolean) => (timeline.rows.length > FEW ? ONE_OF_MANY : heat ? HEAT : BARS);

/** The rows that are drawn: of very many the largest. */
export function shownRows(timeline: Timeline): Timeline["rows"] {
  if (timeline.rows.length === 0) return [{ name: "", total: 0, values: [] }];
  return timeline.rows.length <= MAX_ROWS
    ? timeline.rows
    : [...timeline.rows].sort((a, b) => b.total - a.total).slice(0, MAX_ROWS);
}

export function height({ timeline, heat }: { timeline: Timeline; heat: boolean }): number {
  return rowHeight(timeline, heat) * shownRows(timeline).length + LINE * series(timeline).length;
}

export interface Series {
  name: string;
  /** Drawn over each other, the first at the back. */
  lines: { name: string; values: number[] }[];
}

/** Cells of gauges are empty between two readings; a sum is 0 where nothing happened. */
const isSum = (unit: string) => unit === "nanoseconds";

/** What belongs together (cpu-user and cpu-system, heap-used and heap-committed) in one row; of instances the mean, of sums the sum. */
export function series(timeline: Timeline): Series[] {
  const byName = new Map<string, { unit: string; values: number[]; count: number }>();
  for (const row of timeline.series) {
    const values = isSum(row.unit) ? row.values : held(row.values);
    const known = byName.get(row.name);
    if (!known) byName.set(row.name, { unit: row.unit, values: [...values], count: 1 });
    else {
      values.forEach((value, i) => (known.values[i] = known.values[i]! + value));
      known.count++;
    }
  }
  const rows = new Map<string, Series>();
  for (const [name, { unit, values, count }] of byName) {
    const group = name.split("-")[0]!;
    const row = rows.get(group) ?? { name: "", lines: [] };
    row.lines.push({ name, values: isSum(unit) ? values : values.map(value => value / count) });
    rows.set(group, row);
  }
  return [...rows.values()].map(row => {
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
    row.lines.sort((a, b) => sum(b.values) - sum(a.values));
    return { ...row, name: row.lines.map(line => line.name).join(", ") };
  });
}

/** A gauge keeps its value until it is read again. */
function held(values: number[]): number[] {
  let last = 0;
  return values.map(value => (last = value > 0 ? value : last));
}

export function draw(canvas: HTMLCanvasElement, width: number, view: TimelineView): void {
  const { timeline, chosen, baseline } = view;
  const tall = height(view);
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(tall * ratio);
  canvas.style.width = width + "px";
  canvas.style.height = tall + "px";
  const g = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, tall);
  g.font = "11px system-ui, sans-serif";
  g.textBaseline = "top";
  let y = 0;
  const rows = shownRows(timeline);
  const tallness = rowHeight(timeline, view.heat);
  for (const row of rows) {
    if (view.heat) heatMap(g, row.values, timeline.cells, width, y, tallness - 4, colour("--heat"));
    else bars(g, row.values, width, y, tallness - 4, colour("--bar"));
    if (rows.length > 1) {
      g.fillStyle = colour("--text");
      g.fillText(row.name, 4, y + 2);
    }
    y += tallness;
  }
  for (const row of series(timeline)) {
    const top = Math.max(...row.lines.map(line => Math.max(0, ...line.values)));
    row.lines.forEach((line, i) => {
      g.globalAlpha = (i + 1) / (row.lines.length + 1);
      bars(g, line.values, width, y + 4, LINE - 6, colour("--line-strong"), top);
    });
    g.globalAlpha = 1;
    g.fillStyle = colour("--text");
    g.fillText(row.name, 4, y + 6);
    y += LINE;
  }
  const whole = duration(timeline) || 1;
  const mark = (range: Range, fill: string) => {
    g.globalAlpha = 0.16;
    g.fillStyle = fill;
    g.fillRect((range.from / whole) * width, 0, ((range.to - range.from) / whole) * width, tall);
    g.globalAlpha = 1;
    g.fillRect((range.from / whole) * width, 0, 1, tall);
    g.fillRect((range.to / whole) * width - 1, 0, 1, tall);
  };
  if (baseline) mark(baseline, colour("--busy"));
  if (chosen) mark(chosen, colour("--accent"));
}

function bars(
  g: CanvasRenderingContext2D, values: number[], width: number, y: number, tall: number, colour: string,
  top = values.reduce((most, value) => Math.max(most, value), 0),
): void {
  g.fillStyle = colour;
  values.forEach((value, i) => {
    const x = (i / values.length) * width;
    const h = top === 0 ? 0 : (value / top) * tall;
    g.fillRect(x, y + tall - h, Math.max(0.7, width / values.length - 0.2), h);
  });
}

function heatMap(
  g: CanvasRenderingContext2D, values: number[], cells: number, width: number, y: number, tall: number, colour: string,
): void {
  const columns = Math.ceil(cells / HEAT_ROWS);
  // The few largest would make all others pale.
  const sorted = [...values].sort((a, b) => a - b);
  const top = sorted[Math.floor(sorted.length * 0.98)] || sorted.at(-1) || 0;
  g.fillStyle = colour;
  values.forEach((value, i) => {
    if (value > 0 && top > 0) {
      g.globalAlpha = 0.08 + 0.92 * Math.min(1, value / top);
      g.fillRect(
        (Math.floor(i / HEAT_ROWS) / columns) * width, y + ((i % HEAT_ROWS) / HEAT_ROWS) * tall,
        Math.max(0.7, width / columns - 0.3), tall / HEAT_ROWS - 0.3);
    }
  });
  g.globalAlpha = 1;
}
