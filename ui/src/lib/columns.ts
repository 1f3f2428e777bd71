// What the server answers with format=columns: docs/formats/flame-v2.md.

import { nameAt, type Names } from "./names";

/** A merged tree as columns; nodes in preorder, node 0 is the root, its parent is -1. */
export interface Columns {
  measure: string;
  unit: string;
  kinds: string[];
  names: Names;
  parent: Int32Array;
  name: Int32Array;
  kind: Uint8Array;
  /** What a node used itself. */
  self: Float64Array;
  /** What the node budget cut below it. */
  rest: Float64Array;
  /** Of a comparison; `scale` is what its values are to be multiplied by. */
  baseline: { self: Float64Array; rest: Float64Array; scale: number } | null;
  facts: Facts;
}

/** What an answer says of its values; `hot` has the same. */
export interface Facts {
  /** Of a comparison. */
  compare?: Compare;
  /** Length of what is compared; absent when it is not known. */
  seconds?: number;
  baselineSeconds?: number;
  /** Instances that did not record the measure. */
  lacking?: string[];
  baselineLacking?: string[];
  /** What the profiler itself is worth, hidden or in a group; absent when it is not told apart. */
  overhead?: number;
  /** How many samples the whole is, and the time that each is worth, where that is the same for all. */
  samples?: number;
  intervalNanos?: number;
  baselineIntervalNanos?: number;
  /** Time that was recorded and selected, of all profiles together; the same, each second counted once for each processor. */
  lengthNanos?: number;
  coreNanos?: number;
  /** What people must know to understand the numbers. */
  warnings?: string[];
}

export type Compare = "rate" | "value" | "share";

/** What the group of the profiler's own stacks is called. */
const OVERHEAD = "profiler overhead";

/** The columns without that group, which stands below the root. */
export function withoutOverhead(columns: Columns): Columns {
  const { parent, name, kind, kinds, names, baseline } = columns;
  const group = parent.findIndex((above, i) => above === 0 && kinds[kind[i]!] === "group" && nameAt(names, name[i]!) === OVERHEAD);
  if (group < 0) return columns;
  // In preorder all that is below a node stands right after it.
  let end = group + 1;
  while (end < parent.length && parent[end]! >= group) end++;
  const without = <T extends Int32Array | Uint8Array | Float64Array>(column: T): T => column.filter((_, i) => i < group || i >= end) as T;
  return {
    ...columns, parent: without(parent).map(above => (above >= end ? above - (end - group) : above)), name: without(name), kind: without(kind),
    self: without(columns.self), rest: without(columns.rest),
    baseline: baseline && { ...baseline, self: without(baseline.self), rest: without(baseline.rest) },
  };
}

const MAGIC = "DVFT";
const VERSION = 2;
const SIGNED = 0x80;
/** Far above what a server answers: a count alone must not take all memory. */
const MAX_ROWS = 2 ** 26;

/** @throws Error when the bytes are not such an answer */
export function decode(buffer: ArrayBuffer): Columns {
  const bytes = new Uint8Array(buffer);
  const utf8 = new TextDecoder();
  let at = 0;

  function damaged(what: string): Error {
    return new Error(`The server's answer is damaged: ${what} at byte ${at}.`);
  }
  function skip(length: number): number {
    if (length > bytes.length - at) throw damaged(`${length} bytes are needed, ${bytes.length - at} are left`);
    at += length;
    return at - length;
  }
  function varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[skip(1)]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
  function count(): number {
    const n = varint();
    if (n > MAX_ROWS) throw damaged(`${n} rows are too many`);
    return n;
  }
  function text(): string {
    const length = varint();
    const from = skip(length);
    return utf8.decode(bytes.subarray(from, from + length));
  }
  /** A column of whole numbers without sign below 2^32; those that are a byte or nothing are copied by the browser itself. */
  function whole(n: number): Int32Array {
    const width = bytes[skip(1)]!;
    if (width > 4) throw damaged("an index is too wide");
    const values = new Int32Array(n);
    if (width > 0) values.set(column(n));
    if (width === 2) {
      const second = column(n);
      for (let i = 0; i < n; i++) values[i] = values[i]! | (second[i]! << 8);
    } else if (width > 2) {
      const [second, third, fourth] = [column(n), column(n), width === 4 ? column(n) : null];
      for (let i = 0; i < n; i++) values[i] = values[i]! | (second[i]! << 8) | (third[i]! << 16) | (fourth ? fourth[i]! << 24 : 0);
    }
    return values;
  }
  function numbers(n: number): Float64Array {
    const head = bytes[skip(1)]!;
    const width = head & ~SIGNED;
    const values = new Float64Array(n);
    if (width > 0) values.set(column(n));
    for (let rank = 1, factor = 256; rank < width; rank += 2, factor *= 65_536) {
      const low = column(n);
      const high = rank + 1 < width ? column(n) : null;
      for (let i = 0; i < n; i++) values[i] = values[i]! + (low[i]! + (high ? high[i]! * 256 : 0)) * factor;
    }
    if (head & SIGNED) {
      for (let i = 0; i < n; i++) values[i] = values[i]! % 2 === 0 ? values[i]! / 2 : -(values[i]! + 1) / 2;
    }
    return values;
  }
  function column(n: number): Uint8Array {
    const from = skip(n);
    return bytes.subarray(from, from + n);
  }

  if (utf8.decode(bytes.subarray(0, skip(MAGIC.length) + MAGIC.length)) !== MAGIC || bytes[skip(1)] !== VERSION) {
    throw damaged("this is no flame graph of version 2");
  }
  const measure = text();
  const unit = text();
  const kinds = Array.from({ length: count() }, text);
  const ends = whole(count());
  const all = text();
  for (let i = 0, end = 0; i < ends.length; i++) {
    if (ends[i]! < 0) throw damaged("a name is too long");
    end += ends[i]!;
    ends[i] = end;
  }
  if (ends.length > 0 && ends[ends.length - 1] !== all.length) throw damaged("the names are of other lengths");
  const n = count();
  if (n < 1) throw damaged("there is no root");
  const up = whole(n);
  const name = whole(n);
  const kind = new Uint8Array(whole(n));
  const parent = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let above = i - 1;
    for (let step = up[i]!; step !== 0 && above >= 0; step--) above = parent[above]!;
    if (above < 0 && i > 0) throw damaged(`node ${i} has no parent`);
    if (name[i]! < 0 || name[i]! >= ends.length) throw damaged(`node ${i} has name ${name[i]} of ${ends.length}`);
    parent[i] = above;
  }
  const sides = varint();
  const self = numbers(n);
  const rest = numbers(n);
  const before = sides > 1 ? { self: numbers(n), rest: numbers(n) } : null;
  const told = new Map(Array.from({ length: count() }, () => [text(), text()] as const));
  const number = (name: string) => (told.has(name) ? Number(told.get(name)) : undefined);
  const names = (name: string) => told.get(name)?.split("\n");
  const facts: Facts = {
    compare: told.get("compare") as Compare | undefined, seconds: number("seconds"), baselineSeconds: number("baselineSeconds"),
    lacking: names("lacking"), baselineLacking: names("baselineLacking"), overhead: number("overhead"),
    samples: number("samples"), intervalNanos: number("intervalNanos"), baselineIntervalNanos: number("baselineIntervalNanos"),
    lengthNanos: number("lengthNanos"), coreNanos: number("coreNanos"), warnings: names("warnings"),
  };
  const baseline = before && { ...before, scale: number("scale") ?? 1 };
  return { measure, unit, kinds, names: { text: all, ends }, parent, name, kind, self, rest, baseline, facts };
}
