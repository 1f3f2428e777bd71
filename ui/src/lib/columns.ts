// What the server answers with format=columns: docs/formats/flame-v1.md.

import type { Names } from "./names";

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
}

const MAGIC = "DVFT";
const VERSION = 1;
const SIGNED = 0x80;

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
  function text(): string {
    const length = varint();
    const from = skip(length);
    return utf8.decode(bytes.subarray(from, from + length));
  }
  function numbers(n: number): Float64Array {
    const head = bytes[skip(1)]!;
    const width = head & ~SIGNED;
    const values = new Float64Array(n);
    for (let rank = 0, factor = 1; rank < width; rank++, factor *= 256) {
      const from = skip(n);
      for (let i = 0; i < n; i++) values[i] = values[i]! + bytes[from + i]! * factor;
    }
    if (head & SIGNED) {
      for (let i = 0; i < n; i++) values[i] = values[i]! % 2 === 0 ? values[i]! / 2 : -(values[i]! + 1) / 2;
    }
    return values;
  }
  function indexes(n: number, bound: number): Int32Array {
    const width = bytes[skip(1)]!;
    if (width > 4) throw damaged("an index is too wide");
    const values = new Int32Array(n);
    for (let rank = 0; rank < width; rank++) {
      const from = skip(n);
      for (let i = 0; i < n; i++) values[i] = values[i]! | (bytes[from + i]! << (8 * rank));
    }
    for (let i = 0; i < n; i++) {
      if (values[i]! < 0 || values[i]! >= bound) throw damaged(`index ${values[i]} is not below ${bound}`);
    }
    return values;
  }

  if (utf8.decode(bytes.subarray(0, skip(MAGIC.length) + MAGIC.length)) !== MAGIC || bytes[skip(1)] !== VERSION) {
    throw damaged("this is no flame graph of version 1");
  }
  const measure = text();
  const unit = text();
  const kinds = Array.from({ length: varint() }, text);
  const lengths = indexes(varint(), 2 ** 31);
  const all = text();
  const ends = lengths;
  for (let i = 1; i < ends.length; i++) ends[i] = ends[i]! + ends[i - 1]!;
  if (ends.length > 0 && ends[ends.length - 1] !== all.length) throw damaged("the names are of other lengths");
  const n = varint();
  if (n < 1) throw damaged("there is no root");
  const up = indexes(n, n + 1);
  const parent = new Int32Array(n);
  parent[0] = -1;
  for (let i = 1; i < n; i++) {
    let above = i - 1;
    for (let step = up[i]!; step > 0 && above >= 0; step--) above = parent[above]!;
    if (above < 0) throw damaged(`node ${i} has no parent`);
    parent[i] = above;
  }
  const name = indexes(n, ends.length);
  const kind = Uint8Array.from(indexes(n, kinds.length));
  const sides = varint();
  const self = numbers(n);
  const rest = numbers(n);
  const baseline = sides > 1 ? { self: numbers(n), rest: numbers(n), scale: Number(text()) } : null;
  return { measure, unit, kinds, names: { text: all, ends }, parent, name, kind, self, rest, baseline };
}
