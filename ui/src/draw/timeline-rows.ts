// Where the rows of a timeline stand, and what is at a place of it. Pure; knows no canvas.

import type { HeatGrid, Timeline } from "../lib/timeline";
import type { CssPixels } from "./units";

export const BARS: CssPixels = 56;
const HEAT: CssPixels = 152;
/** Of each row when there are more than a few. */
const ONE_OF_MANY: CssPixels = 24;
const FEW = 4;
/** Browsers draw no canvas that is as tall as a row for each of thousands of threads. */
const MAX_ROWS = 400;
/** Between rows. */
export const GAP: CssPixels = 4;

export const rowHeight = (timeline: Timeline, heat: HeatGrid | null): CssPixels =>
  timeline.rows.length > FEW ? ONE_OF_MANY : heat ? HEAT : timeline.rows.length > 1 ? BARS / 2 + GAP : BARS;

/** The rows that are drawn: of very many the largest. */
export function shownRows(timeline: Timeline): Timeline["rows"] {
  if (timeline.rows.length === 0) return [{ name: "", total: 0, values: [] }];
  return timeline.rows.length <= MAX_ROWS
    ? timeline.rows
    : [...timeline.rows].sort((a, b) => b.total - a.total).slice(0, MAX_ROWS);
}

export function height({ timeline, heat }: { timeline: Timeline; heat: HeatGrid | null }): CssPixels {
  return rowHeight(timeline, heat) * shownRows(timeline).length;
}

/** The cell at a place of the canvas: a fraction of its width, and how far it is from its top. */
export function cellAt(timeline: Timeline, heat: HeatGrid | null, x: number, y: CssPixels): number {
  const last = timeline.cells - 1;
  if (!heat) return Math.min(last, Math.floor(x * timeline.cells));
  const tall = rowHeight(timeline, heat);
  const within = Math.min(heat.perColumn - 1, Math.floor(((y % tall) / (tall - GAP)) * heat.perColumn));
  return Math.min(last, Math.floor((x * timeline.cells) / heat.perColumn) * heat.perColumn + within);
}
