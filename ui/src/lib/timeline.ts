// Values over time, as the server answers them, and what is worked out of them. Pure; knows no canvas.

export interface Timeline {
  measure: string;
  unit: string;
  start: string;
  cellNanos: number;
  cells: number;
  rows: { name: string; total: number; values: number[] }[];
  series: { instance: string; name: string; unit: string; values: number[] }[];
}

/** A part of the time, in nanoseconds from the start. */
export interface Range {
  from: number;
  to: number;
}

export const duration = (timeline: Timeline) => timeline.cellNanos * timeline.cells;

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

/** The processors' load and the heap, as lines over the bars; each against its own top. */
export function overlay(timeline: Timeline): { name: "cpu" | "heap"; unit: string; top: number; values: number[] }[] {
  const lines = series(timeline).flatMap(row => row.lines);
  const of = (name: string) => lines.find(each => each.name === name);
  const found: { name: "cpu" | "heap"; unit: string; top: number; values: number[] }[] = [];
  const user = of("cpu-user");
  const system = of("cpu-system");
  if (user) {
    const values = user.values.map((value, i) => value + (system?.values[i] ?? 0));
    found.push({ name: "cpu", unit: user.unit, top: Math.max(1e6, ...values), values });
  }
  const heap = of("heap-used");
  if (heap) found.push({ name: "heap", unit: heap.unit, top: Math.max(0, ...heap.values, ...(of("heap-committed")?.values ?? [])), values: heap.values });
  return found;
}

/** A gauge keeps its value until it is read again. */
function held(values: number[]): number[] {
  let last = 0;
  return values.map(value => (last = value > 0 ? value : last));
}

/** A mark below a timeline. */
export interface Tick {
  /** In nanoseconds from the start. */
  at: number;
  millis: number;
}

const STEPS_MILLIS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3, 7200e3, 14400e3, 21600e3, 43200e3, 86400e3];

/** Round times of the clock within a timeline, so many at the most; and how far they are apart. */
export function ticks(startMillis: number, nanos: number, most: number): { ticks: Tick[]; stepMillis: number } {
  const length = nanos / 1e6;
  const stepMillis = STEPS_MILLIS.find(step => length / step <= most) ?? 86400e3 * Math.ceil(length / most / 86400e3);
  const found: Tick[] = [];
  for (let millis = Math.ceil(startMillis / stepMillis) * stepMillis; millis <= startMillis + length; millis += stepMillis) {
    found.push({ at: (millis - startMillis) * 1e6, millis });
  }
  return { ticks: found, stepMillis };
}
