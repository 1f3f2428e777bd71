import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { draw } from "../draw/timeline";
import { cellAt, height, rowHeight, shownRows } from "../draw/timeline-rows";
import { amount, clock, cores, rate, timeOfDay } from "../lib/format";
import { duration, overlay, series, ticks, type HeatGrid, type Range, type Series, type Timeline as Data } from "../lib/timeline";
import { measureWord } from "../lib/words";
import { onRecoloured } from "../state/theme";
import { Dialog } from "./kit/dialog";
import { Rows, type Column } from "./rows";

export interface Slice {
  chosen: Range | null;
  baseline: Range | null;
}

const STEP = 0.02;
/** Pixels that a clock time takes below the timeline. */
const TICK_ROOM = 96;
const TICK_ROOM_MILLIS = 120;
/** What a clock time is wide: one that does not fit is left out. */
const TICK_WIDTHS = { minutes: 40, seconds: 58, millis: 80 };

/** Values over time; drawing a range slices, drawing one with Shift compares with it. */
export function Timeline({ timeline, heat, slice, onSlice, asTable, onTable, tools }: {
  timeline: Data; heat: HeatGrid | null; slice: Slice; onSlice: (slice: Slice) => void; asTable: boolean; onTable: (open: boolean) => void; tools: ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ from: number; baseline: boolean } | null>(null);
  const [drawn, setDrawn] = useState<Slice | null>(null);
  const [at, setAt] = useState<{ cell: number; x: number } | null>(null);
  const [width, setWidth] = useState(0);
  const whole = duration(timeline);
  const shown = drawn ?? slice;

  useEffect(() => {
    const redraw = () => {
      const wide = box.current!.clientWidth;
      setWidth(wide);
      draw(canvas.current!, wide, { timeline, heat, chosen: shown.chosen, baseline: shown.baseline });
    };
    redraw();
    const resized = new ResizeObserver(redraw);
    resized.observe(box.current!);
    const recoloured = onRecoloured(redraw);
    return () => {
      resized.disconnect();
      recoloured();
    };
  }, [timeline, heat, shown.chosen?.from, shown.chosen?.to, shown.baseline?.from, shown.baseline?.to]);

  const position = (event: PointerEvent) => {
    const bounds = canvas.current!.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - bounds.left) / bounds.width)) * whole;
  };

  function move(event: PointerEvent) {
    const bounds = canvas.current!.getBoundingClientRect();
    const x = Math.max(0, Math.min(1, (event.clientX - bounds.left) / bounds.width));
    setAt({ cell: cellAt(timeline, heat, x, event.clientY - bounds.top), x });
    if (!drag.current) return;
    const to = position(event);
    const range = { from: Math.min(drag.current.from, to), to: Math.max(drag.current.from, to) };
    setDrawn(drag.current.baseline ? { ...slice, baseline: range } : { ...slice, chosen: range });
  }

  function up() {
    const range = drag.current?.baseline ? drawn?.baseline : drawn?.chosen;
    // A click without a drag takes the range away.
    if (drag.current) {
      const kept = range && range.to - range.from > whole / 500 ? range : null;
      onSlice(drag.current.baseline ? { ...slice, baseline: kept } : { ...slice, chosen: kept });
    }
    drag.current = null;
    setDrawn(null);
  }

  function key(event: KeyboardEvent) {
    const range = slice.chosen ?? { from: 0, to: whole };
    const step = whole * STEP * (event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0);
    if (event.key === "Escape") onSlice({ chosen: null, baseline: null });
    else if (step !== 0) {
      const moved = event.shiftKey
        ? { from: range.from, to: Math.min(whole, Math.max(range.from + whole * STEP, range.to + step)) }
        : slice.chosen
          ? { from: Math.max(0, range.from + step), to: Math.min(whole, range.to + step) }
          : { from: 0, to: whole / 2 };
      onSlice({ ...slice, chosen: moved });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const start = Date.parse(timeline.start);
  const fine = timeline.cellNanos < 1e9;
  const sum = (cell: number) => timeline.rows.reduce((all, row) => all + (row.values[cell] ?? 0), 0);
  const time = (cell: number) => timeOfDay(start + (cell * timeline.cellNanos) / 1e6, fine ? "millis" : "seconds");
  const since = (cell: number) => (heat ? `${((cell * timeline.cellNanos) / 1e9).toFixed(3)} s` : clock(cell * timeline.cellNanos));
  const busy = (cell: number) => cores(timeline.measure, timeline.unit, sum(cell), timeline.cellNanos).replace(/^./, ", $&");
  const columns: Column<number>[] = [
    { title: "Time", number: true, text: time },
    { title: "From", number: true, text: since },
    { title: timeline.measure, number: true, text: cell => amount(sum(cell), timeline.unit) },
    ...series(timeline).flatMap(row => row.lines).map(line => ({ title: line.name, number: true, text: (cell: number) => seriesText(line, cell) })),
  ];
  const rows = shownRows(timeline);
  const lines = rows.length === 1 && !heat ? overlay(timeline) : [];
  const top = Math.max(0, ...(rows[0]?.values ?? []));
  const peak = cores(timeline.measure, timeline.unit, top, timeline.cellNanos) || rate(top, timeline.unit, timeline.cellNanos / 1e9);
  const marks = ticks(start, whole, Math.max(1, Math.floor(width / (whole < 5e9 ? TICK_ROOM_MILLIS : TICK_ROOM))));
  const precision = marks.stepMillis < 1000 ? "millis" : marks.stepMillis < 60_000 ? "seconds" : "minutes";
  const tall = rowHeight(timeline, heat);
  return (
    <div class="timeline">
      <div class="timeline-scroll">
        <div class="timeline-gutter">
          {rows.length > 1
            ? rows.map(row => <span key={row.name} class="gutter-row" title={row.name} style={{ height: tall + "px" }}>{row.name || "none"}</span>)
            : <><span class="gutter-name">{measureWord(timeline.measure)}</span><span class="gutter-peak" title="The highest value of one cell">{heat ? "darkest" : "peak"} {peak}</span></>}
        </div>
        <div class="timeline-canvas" ref={box}>
          <canvas
            ref={canvas}
            tabIndex={0}
            role="slider"
            aria-label={`${timeline.measure} over ${clock(whole)}; drag to select, with Shift for a baseline; arrow keys move the selection, with Shift its end; Escape clears it`}
            aria-valuemin={0}
            aria-valuemax={whole / 1e9}
            aria-valuenow={(slice.chosen?.from ?? 0) / 1e9}
            aria-valuetext={slice.chosen ? `${clock(slice.chosen.from)} to ${clock(slice.chosen.to)}` : "all"}
            style={{ height: height({ timeline, heat }) + "px" }}
            onKeyDown={key}
            onPointerDown={event => {
              canvas.current!.setPointerCapture(event.pointerId);
              drag.current = { from: position(event), baseline: event.shiftKey };
            }}
            onPointerMove={move}
            onPointerUp={up}
            onPointerLeave={() => setAt(null)}
          />
        </div>
      </div>
      <div class="timeline-axis">
        <div class="timeline-tools">{tools}</div>
        <div class="axis" aria-hidden="true">
          {marks.ticks.map(tick => {
            const x = (tick.at / whole) * width;
            return x < width - TICK_WIDTHS[precision] && <span key={tick.at} class="tick" style={{ left: x + "px" }}>{timeOfDay(tick.millis, precision)}</span>;
          })}
        </div>
      </div>
      {at && (
        <div class={`timeline-card ${at.x > 0.5 ? "left-of" : ""}`} style={{ "--x": at.x } as preact.JSX.CSSProperties} aria-hidden="true">
          <b>{time(at.cell)}</b> <span class="quiet">+{since(at.cell)}</span>
          <div>{amount(sum(at.cell), timeline.unit)} <span class="quiet">in {amount(timeline.cellNanos, "nanoseconds")}{busy(at.cell)}</span></div>
          {lines.map(line => <div key={line.name} class={"series-" + line.name}>{line.name === "cpu" ? "CPU of the process" : "Heap used"} {amount(Math.round(line.values[at.cell] ?? 0), line.unit)}</div>)}
          <div class="quiet">Drag to select · Shift-drag for a baseline</div>
        </div>
      )}
      <p class="timeline-status" data-testid="time">
        {rows.length < timeline.rows.length && <span>the {rows.length} largest of {timeline.rows.length} rows</span>}
      </p>
      {asTable && (
        <Dialog title="Values over time" wide onClose={() => onTable(false)}>
          <Rows rows={Array.from({ length: timeline.cells }, (_, cell) => cell)} columns={columns} testId="time-table" label="values over time" />
        </Dialog>
      )}
    </div>
  );
}

function seriesText(line: Series["lines"][number], cell: number): string {
  return amount(Math.round(line.values[cell]!), line.unit);
}
