// Values over time on a canvas: bars, or a heat map with a column per stretch of time and its cells from top to bottom.

import type { Timeline } from "../api/rest";

export const BARS = 56;
const HEAT = 84;
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

export function height({ timeline, heat }: { timeline: Timeline; heat: boolean }): number {
  return (heat ? HEAT : BARS) * Math.max(1, timeline.rows.length) + LINE * series(timeline).length;
}

/** One line per name: of several instances the mean, of pauses the sum. */
export function series(timeline: Timeline): { name: string; unit: string; values: number[] }[] {
  const byName = new Map<string, { name: string; unit: string; values: number[]; count: number }>();
  for (const row of timeline.series) {
    const known = byName.get(row.name);
    if (!known) byName.set(row.name, { name: row.name, unit: row.unit, values: [...row.values], count: 1 });
    else {
      row.values.forEach((value, i) => (known.values[i] = known.values[i]! + value));
      known.count++;
    }
  }
  return [...byName.values()].map(({ name, unit, values, count }) => ({
    name,
    unit,
    values: unit === "nanoseconds" ? values : values.map(value => value / count),
  }));
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
  const rows = timeline.rows.length ? timeline.rows : [{ name: "", total: 0, values: [] }];
  for (const row of rows) {
    const tallness = view.heat ? HEAT : BARS;
    if (view.heat) heatMap(g, row.values, timeline.cells, width, y, tallness - 4, colour("--heat"));
    else bars(g, row.values, width, y, tallness - 4, colour("--bar"));
    if (rows.length > 1) {
      g.fillStyle = colour("--text");
      g.fillText(row.name, 4, y + 2);
    }
    y += tallness;
  }
  for (const line of series(timeline)) {
    bars(g, line.values, width, y + 4, LINE - 6, colour("--line-strong"));
    g.fillStyle = colour("--quiet");
    g.fillText(line.name, 4, y + 4);
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

function bars(g: CanvasRenderingContext2D, values: number[], width: number, y: number, tall: number, colour: string): void {
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  g.fillStyle = colour;
  values.forEach((value, i) => {
    const x = (i / values.length) * width;
    const h = top === 0 ? 0 : (value / top) * tall;
    g.fillRect(x, y + tall - h, Math.max(0.7, width / values.length - 0.4), h);
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
