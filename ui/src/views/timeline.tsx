import { useEffect, useRef, useState } from "preact/hooks";
import { draw } from "../draw/timeline";
import { cellAt, height, shownRows } from "../draw/timeline-rows";
import { amount, clock, cores } from "../lib/format";
import { duration, series, type HeatGrid, type Range, type Series, type Timeline as Data } from "../lib/timeline";
import { onRecoloured } from "../state/theme";
import { Rows, type Column } from "./rows";

export interface Slice {
  chosen: Range | null;
  baseline: Range | null;
}

const STEP = 0.02;

/** Values over time; drawing a range slices, drawing one with Shift compares with it. */
export function Timeline({ timeline, heat, slice, onSlice }: {
  timeline: Data; heat: HeatGrid | null; slice: Slice; onSlice: (slice: Slice) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ from: number; baseline: boolean } | null>(null);
  const [drawn, setDrawn] = useState<Slice | null>(null);
  const [at, setAt] = useState(-1);
  const [asTable, setAsTable] = useState(false);
  const whole = duration(timeline);
  const shown = drawn ?? slice;

  useEffect(() => {
    const redraw = () => draw(canvas.current!, box.current!.clientWidth, { timeline, heat, chosen: shown.chosen, baseline: shown.baseline });
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
    setAt(cellAt(timeline, heat, Math.max(0, Math.min(1, (event.clientX - bounds.left) / bounds.width)), event.clientY - bounds.top));
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
  }

  const sum = (cell: number) => timeline.rows.reduce((all, row) => all + (row.values[cell] ?? 0), 0);
  const time = (cell: number) => (heat ? `${((cell * timeline.cellNanos) / 1e9).toFixed(3)} s` : clock(cell * timeline.cellNanos));
  const busy = (cell: number) => cores(timeline.measure, timeline.unit, sum(cell), timeline.cellNanos).replace(/^./, ", $&");
  const columns: Column<number>[] = [
    { title: "From", number: true, text: time },
    { title: timeline.measure, number: true, text: cell => amount(sum(cell), timeline.unit) },
    ...series(timeline).flatMap(row => row.lines).map(line => ({ title: line.name, number: true, text: (cell: number) => seriesText(line, cell) })),
  ];
  return (
    <div class="timeline" ref={box}>
      <div class="timeline-scroll">
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
        onPointerLeave={() => setAt(-1)}
      />
      </div>
      <div class="timeline-status quiet" data-testid="time">
        <span>0 s</span>
        <span>{at < 0 ? "Drag to select · Shift-drag for a baseline" : `${time(at)}: ${amount(sum(at), timeline.unit)} in ${amount(timeline.cellNanos, "nanoseconds")}${busy(at)}`}</span>
        <span>{shownRows(timeline).length < timeline.rows.length && `the ${shownRows(timeline).length} largest of ${timeline.rows.length} rows; `}{clock(whole)}</span>
      </div>
      <details onToggle={event => setAsTable(event.currentTarget.open)}>
        <summary class="quiet">Show as a table</summary>
        {asTable && <Rows rows={Array.from({ length: timeline.cells }, (_, cell) => cell)} columns={columns} testId="time-table" label="values over time" />}
      </details>
    </div>
  );
}

function seriesText(line: Series["lines"][number], cell: number): string {
  return amount(Math.round(line.values[cell]!), line.unit);
}
