import { cellAt, GAP, height, rowHeight, shownRows } from "../../draw/timeline-rows";
import { devicePixels } from "../../draw/units";
import { duration, heatGrid, overlay, series, ticks, type Timeline } from "../../lib/timeline";
import { equal, isTrue, test } from "./testing";

const timeline = (rows: number, cells = 100, more: Partial<Timeline> = {}): Timeline => ({
  measure: "cpu", unit: "samples", start: "", cellNanos: 20e6, cells,
  rows: Array.from({ length: rows }, (_, i) => ({ name: "row " + i, total: i, values: [] })), series: [], ...more,
});

test("a timeline is as long as its cells", () => equal(duration(timeline(1, 50)), 1e9));

test("the longer a recording the coarser its heat map", () => {
  equal(heatGrid(10e9).cell, "5ms");
  equal(heatGrid(60e9).cell, "20ms");
  equal(heatGrid(1e15).cell, "30s");
});

test("a place among bars is the cell below it", () => {
  const bars = timeline(1);
  equal(cellAt(bars, null, 0, 10), 0);
  equal(cellAt(bars, null, 0.505, 10), 50);
  equal(cellAt(bars, null, 1, 10), 99);
});

test("a place of a heat map is a column and a cell within it, in each row the same", () => {
  const grid = { cell: "20ms", perColumn: 50 };
  const heat = timeline(2);
  const tall = rowHeight(heat, grid);
  equal(cellAt(heat, grid, 0, 0), 0);
  equal(cellAt(heat, grid, 0.6, (tall - GAP) / 2), 75);
  equal(cellAt(heat, grid, 0.6, tall + (tall - GAP) / 2), 75);
  equal(cellAt(heat, grid, 0.6, tall - 1), 99);
});

test("of very many rows the largest are shown", () => {
  equal(shownRows(timeline(3)).length, 3);
  const many = shownRows(timeline(1_000));
  equal(many.length, 400);
  equal(many[0]!.name, "row 999");
  isTrue(height({ timeline: timeline(1_000), heat: null }) < 16_000, "a canvas can be so tall");
});

test("a timeline of nothing has a row", () => equal(shownRows(timeline(0)).length, 1));

const gauge = (instance: string, name: string, unit: string, ...values: number[]) => ({ instance, name, unit, values });

test("what belongs together is one row, the largest at the back", () => {
  const both = timeline(1, 3, { series: [gauge("a", "heap-used", "bytes", 1, 2, 3), gauge("a", "heap-committed", "bytes", 4, 4, 4), gauge("a", "cpu-user", "millionths", 1, 1, 1)] });
  equal(series(both).map(row => row.name), ["heap-committed, heap-used", "cpu-user"]);
  equal(height({ timeline: both, heat: null }), rowHeight(both, null));
});

test("a gauge keeps its value until it is read again, and of instances the mean is shown", () => {
  const two = timeline(1, 3, { series: [gauge("a", "heap-used", "bytes", 4, 0, 6), gauge("b", "heap-used", "bytes", 2, 2, 2)] });
  equal(series(two)[0]!.lines[0]!.values, [3, 3, 4]);
});

test("sums of instances are added, and nothing is nothing", () => {
  const two = timeline(1, 2, { series: [gauge("a", "gc", "nanoseconds", 4, 0), gauge("b", "gc", "nanoseconds", 2, 0)] });
  equal(series(two)[0]!.lines[0]!.values, [6, 0]);
});

test("a canvas has a dot for each of the screen", () => {
  equal(devicePixels(101, 1), 101);
  equal(devicePixels(101, 1.5), 152);
  equal(devicePixels(101, 2), 202);
});

test("ticks are at round times of the clock, and not more than there is room for", () => {
  const start = Date.UTC(2026, 0, 1, 19, 12, 3, 400);
  const { ticks: marks, stepMillis } = ticks(start, 55e9, 10);
  equal(stepMillis, 10_000);
  equal(marks.length, 5);
  equal([marks[0]!.millis - start, marks[0]!.at], [6_600, 6.6e9]);
  isTrue(marks.every(mark => mark.millis % stepMillis === 0), "round");
  equal(ticks(0, 8e6, 4).stepMillis, 2);
  isTrue(ticks(start, 40 * 86400e9, 5).ticks.length <= 6, "weeks");
});

test("the processors' load is user and system together, and the heap stands against what is committed", () => {
  const row = (name: string, unit: string, values: number[]) => ({ instance: "a", name, unit, values });
  const lines = overlay(timeline(1, 2, { series: [row("cpu-user", "millionths", [500_000, 200_000]), row("cpu-system", "millionths", [100_000, 0]), row("heap-used", "bytes", [10, 20]), row("heap-committed", "bytes", [40, 40])] }));
  equal(lines.map(line => [line.name, line.top, line.values]), [["cpu", 1e6, [600_000, 300_000]], ["heap", 40, [10, 20]]]);
});
