import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Copy } from "./copy";

const HEIGHT = 24;
const MARGIN = 10;
/** Browsers make no element taller than some thirty million pixels: then rows are stepped over while scrolling. */
const TALLEST = 24_000_000;

export interface Column<T> {
  title: string;
  number?: boolean;
  /** What is copied, and shown unless there is a `cell`. */
  text: (row: T) => string;
  cell?: (row: T, index: number) => ComponentChildren;
  /** Word of the order that a click on the title asks for. */
  sort?: string;
  /** Left out where the window is narrow, for what nobody should have to scroll to. */
  aside?: boolean;
}

const style = <T,>(column: Column<T>, otherwise: string) => (column.number ? "number" : otherwise) + (column.aside ? " only-wide" : "");

/** A table that draws only the rows in sight: as fast with a hundred thousand as with ten. */
export function Rows<T>({ rows, columns, sort, onSort, isCurrent, testId, label, foot }: {
  /** Beside the number of rows. */
  foot?: ComponentChildren;
  rows: T[]; columns: Column<T>[]; sort?: string; onSort?: (sort: string) => void;
  /** Of the row that is marked. */
  isCurrent?: (row: T) => boolean;
  testId?: string; label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: 60 });
  const scale = Math.max(1, (rows.length * HEIGHT) / TALLEST);
  const look = () => {
    const { scrollTop, clientHeight } = box.current!;
    const from = Math.max(0, Math.floor((scrollTop * scale) / HEIGHT) - MARGIN);
    setRange({ from, to: from + Math.ceil(clientHeight / HEIGHT) + 2 * MARGIN });
  };
  useEffect(look, [rows]);
  const shown = rows.slice(range.from, range.to);
  const above = (range.from * HEIGHT) / scale;
  const below = ((rows.length - range.from) * HEIGHT) / scale - shown.length * HEIGHT;
  const tsv = () => [columns.map(column => column.title), ...rows.map(row => columns.map(column => column.text(row)))]
    .map(cells => cells.map(cell => cell.replace(/[\t\n]/g, " ")).join("\t")).join("\n");
  return (
    <div class="rows-whole">
      <div class="rows" ref={box} onScroll={look} tabIndex={0} role="region" aria-label={label}>
        <table data-testid={testId} aria-rowcount={rows.length}>
          <thead>
            <tr>
              {columns.map(column => (
                <th key={column.title} class={style(column, "")} aria-sort={column.sort && column.sort === sort ? "descending" : undefined}>
                  {column.sort && onSort
                    ? <button type="button" class="plain" onClick={() => onSort(column.sort!)}>{column.title}{column.sort === sort ? " ▾" : ""}</button>
                    : column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr style={{ height: above + "px" }} aria-hidden="true" />}
            {shown.map((row, i) => (
              <tr key={range.from + i} style={{ height: HEIGHT + "px" }} aria-rowindex={range.from + i + 1} aria-current={isCurrent?.(row) || undefined}>
                {columns.map(column => (
                  <td key={column.title} class={style(column, "text")}>{column.cell ? column.cell(row, range.from + i) : column.text(row)}</td>
                ))}
              </tr>
            ))}
            {below > 0 && <tr style={{ height: below + "px" }} aria-hidden="true" />}
          </tbody>
        </table>
      </div>
      <p class="rows-foot">{foot}<span class="end">{rows.length.toLocaleString("en")} row{rows.length === 1 ? "" : "s"} </span><Copy text={tsv} label="Copy all" /></p>
    </div>
  );
}
