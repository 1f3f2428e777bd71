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

/** A gauge keeps its value until it is read again. */
function held(values: number[]): number[] {
  let last = 0;
  return values.map(value => (last = value > 0 ? value : last));
}
