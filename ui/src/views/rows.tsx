import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const HEIGHT = 24;
const MARGIN = 10;

export interface Column<T> {
  title: string;
  number?: boolean;
  cell: (row: T, index: number) => ComponentChildren;
  /** Word of the order that a click on the title asks for. */
  sort?: string;
}

/** A table that draws only the rows in sight: as fast with a hundred thousand as with ten. */
export function Rows<T>({ rows, columns, sort, onSort, testId, label }: {
  rows: T[]; columns: Column<T>[]; sort?: string; onSort?: (sort: string) => void; testId?: string; label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: 60 });
  const look = () => {
    const { scrollTop, clientHeight } = box.current!;
    const from = Math.max(0, Math.floor(scrollTop / HEIGHT) - MARGIN);
    setRange({ from, to: Math.ceil((scrollTop + clientHeight) / HEIGHT) + MARGIN });
  };
  useEffect(look, [rows]);
  const shown = rows.slice(range.from, range.to);
  return (
    <div class="rows" ref={box} onScroll={look} tabIndex={0} role="region" aria-label={label}>
      <table data-testid={testId} aria-rowcount={rows.length}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.title} class={column.number ? "number" : ""} aria-sort={column.sort && column.sort === sort ? "descending" : undefined}>
                {column.sort && onSort
                  ? <button type="button" class="plain" onClick={() => onSort(column.sort!)}>{column.title}{column.sort === sort ? " ▾" : ""}</button>
                  : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {range.from > 0 && <tr style={{ height: range.from * HEIGHT + "px" }} aria-hidden="true" />}
          {shown.map((row, i) => (
            <tr key={range.from + i} style={{ height: HEIGHT + "px" }} aria-rowindex={range.from + i + 1}>
              {columns.map(column => (
                <td key={column.title} class={column.number ? "number" : "text"}>{column.cell(row, range.from + i)}</td>
              ))}
            </tr>
          ))}
          {range.to < rows.length && <tr style={{ height: (rows.length - range.to) * HEIGHT + "px" }} aria-hidden="true" />}
        </tbody>
      </table>
    </div>
  );
}
