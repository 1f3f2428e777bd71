// Values over time on a canvas: bars, or a heat map with a column per stretch of time and its cells from top to bottom.

import { duration, overlay, type HeatGrid, type Range, type Timeline } from "../lib/timeline";
import { GAP, height, rowHeight, shownRows } from "./timeline-rows";
import { fitCanvas, type CssPixels } from "./units";

export interface TimelineView {
  timeline: Timeline;
  /** Null for bars. */
  heat: HeatGrid | null;
  /** In nanoseconds from the start; null for all of it. */
  chosen: Range | null;
  baseline: Range | null;
}

export function draw(canvas: HTMLCanvasElement, width: CssPixels, view: TimelineView): void {
  const { timeline, chosen, baseline } = view;
  const tall = height(view);
  const ratio = fitCanvas(canvas, width, tall);
  const g = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, tall);
  let y = 0;
  const rows = shownRows(timeline);
  const tallness = rowHeight(timeline, view.heat);
  for (const row of rows) {
    if (view.heat) heatMap(g, row.values, timeline.cells, view.heat.perColumn, width, y, tallness - GAP, colour("--heat"));
    else bars(g, row.values, width, y, tallness - GAP, colour("--bar"));
    y += tallness;
  }
  // The machine's own course over a single row of bars: in the rest it would hide what is looked for.
  if (rows.length === 1 && !view.heat) for (const each of overlay(timeline)) line(g, each.values, each.top, width, tallness - GAP, colour(`--series-${each.name}`));
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

function line(g: CanvasRenderingContext2D, values: number[], top: number, width: CssPixels, tall: CssPixels, colour: string): void {
  if (top <= 0) return;
  g.strokeStyle = colour;
  g.lineWidth = 1.25;
  g.lineJoin = "round";
  g.beginPath();
  values.forEach((value, i) => g.lineTo(((i + 0.5) / values.length) * width, 1 + (tall - 2) * (1 - Math.min(1, value / top))));
  g.stroke();
}

function bars(
  g: CanvasRenderingContext2D, values: number[], width: CssPixels, y: CssPixels, tall: CssPixels, colour: string,
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
  g: CanvasRenderingContext2D, values: number[], cells: number, perColumn: number, width: CssPixels, y: CssPixels, tall: CssPixels,
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
