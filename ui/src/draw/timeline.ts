// Values over time on a canvas: bars, or a heat map with a column per stretch of time and its cells from top to bottom.

import type { Timeline } from "../api/rest";

const BARS = 56;
const HEAT = 150;
/** Of each row when there are more than a few. */
const ONE_OF_MANY = 26;
const FEW = 4;
/** Browsers draw no canvas that is as tall as a row for each of thousands of threads. */
const MAX_ROWS = 400;
const LINE = 22;
export interface Range {
  from: number;
  to: number;
}

/** A column is a round stretch of time, and its cells from top to bottom are what happens within it. */
export interface HeatGrid {
  /** Length of a cell, as the server is asked for it. */
  cell: string;
  perColumn: number;
}

const GRIDS: { upToSeconds: number; grid: HeatGrid }[] = [
  { upToSeconds: 15, grid: { cell: "5ms", perColumn: 20 } },
  { upToSeconds: 180, grid: { cell: "20ms", perColumn: 50 } },
  { upToSeconds: 1_800, grid: { cell: "200ms", perColumn: 50 } },
  { upToSeconds: 9_000, grid: { cell: "1s", perColumn: 60 } },
  { upToSeconds: Infinity, grid: { cell: "30s", perColumn: 60 } },
];

/** Cells of a recording that is so long: fine enough to see what comes back many times a second, if it is short. */
export const heatGrid = (nanos: number) => GRIDS.find(each => nanos / 1e9 <= each.upToSeconds)!.grid;

export interface TimelineView {
  timeline: Timeline;
  /** Null for bars. */
  heat: HeatGrid | null;
  /** In nanoseconds from the start; null for all of it. */
  chosen: Range | null;
  baseline: Range | null;
}

export const duration = (timeline: Timeline) => timeline.cellNanos * timeline.cells;

const rowHeight = (timeline: Timeline, heat: HeatGrid | null) => (timeline.rows.length > FEW ? ONE_OF_MANY : heat ? HEAT : BARS);

/** The rows that are drawn: of very many the largest. */
export function shownRows(timeline: Timeline): Timeline["rows"] {
  if (timeline.rows.length === 0) return [{ name: "", total: 0, values: [] }];
  return timeline.rows.length <= MAX_ROWS
    ? timeline.rows
    : [...timeline.rows].sort((a, b) => b.total - a.total).slice(0, MAX_ROWS);
}

export function height({ timeline, heat }: { timeline: Timeline; heat: HeatGrid | null }): number {
  return rowHeight(timeline, heat) * shownRows(timeline).length + LINE * series(timeline).length;
}

/** The cell at a place of the canvas: a fraction of its width, and pixels from its top. */
export function cellAt(timeline: Timeline, heat: HeatGrid | null, x: number, y: number): number {
  const last = timeline.cells - 1;
  if (!heat) return Math.min(last, Math.floor(x * timeline.cells));
  const tall = rowHeight(timeline, heat);
  const within = Math.min(heat.perColumn - 1, Math.floor(((y % tall) / (tall - 4)) * heat.perColumn));
  return Math.min(last, Math.floor((x * timeline.cells) / heat.perColumn) * heat.perColumn + within);
}

export interface Series {
  name: string;
  /** Drawn over each other, the first at the back. */
  lines: { name: string; unit: string; values: number[] }[];
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
    row.lines.push({ name, unit, values: isSum(unit) ? values : values.map(value => value / count) });
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
    if (view.heat) heatMap(g, row.values, timeline.cells, view.heat.perColumn, width, y, tallness - 4, colour("--heat"));
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
  g: CanvasRenderingContext2D, values: number[], cells: number, perColumn: number, width: number, y: number, tall: number,
  colour: string,
): void {
  // As wide as the time is long, so that a brush over it means the same as over bars.
  const columns = cells / perColumn;
  // The few largest would make all others pale.
  const sorted = [...values].sort((a, b) => a - b);
  const top = sorted[Math.floor(sorted.length * 0.98)] || sorted.at(-1) || 0;
  g.fillStyle = colour;
  values.forEach((value, i) => {
    if (value > 0 && top > 0) {
      g.globalAlpha = 0.08 + 0.92 * Math.min(1, value / top);
      g.fillRect(
        (Math.floor(i / perColumn) / columns) * width, y + ((i % perColumn) / perColumn) * tall,
        Math.max(0.7, width / columns - 0.3), Math.max(0.7, tall / perColumn - 0.3));
    }
  });
  g.globalAlpha = 1;
}
