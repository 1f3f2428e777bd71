// A merged tree laid out for drawing: typed columns, rows by depth. Pure; knows no canvas.

import type { Columns } from "./columns";
import { joined, nameAt } from "./names";

export interface Tree extends Columns {
  total: number;
  width: Float64Array;
  /** Where the node begins, in the measure's unit from the root's left edge: children, then the remainder, then what is its own. */
  left: Float64Array;
  depth: Int32Array;
  /** The first node after the subtree. */
  end: Int32Array;
  /** All nodes that have a box, by depth, within one from left to right. */
  rows: Int32Array;
  /** By depth: where the row ends in `rows`. */
  rowEnds: Int32Array;
  /** 1 for nodes without a box of their own, which stand in that of their only child (see `lib/chains`); null when there is none. */
  folded: Uint8Array | null;
  /** Of a comparison: the other side's values, already multiplied by the scale. */
  before: { self: Float64Array; total: Float64Array } | null;
  /** Whether boxes are as wide as in the baseline, and `before` is what is compared with it. */
  ofBaseline: boolean;
  /** What changes are a share of: the total of what is compared with the baseline, or the baseline's where that is nothing. */
  whole: number;
}

export function layout(columns: Columns, folded: Uint8Array | null = null): Tree {
  const { parent, self, rest, baseline } = columns;
  const size = parent.length;
  const width = totals(parent, self, rest);
  const left = new Float64Array(size);
  const depth = new Int32Array(size);
  const end = new Int32Array(size);
  const used = new Float64Array(size);
  let deepest = 0;
  for (let i = 1; i < size; i++) {
    const p = parent[i]!;
    left[i] = left[p]! + used[p]!;
    used[p] = used[p]! + width[i]!;
    const d = depth[p]! + (folded?.[p] ? 0 : 1);
    depth[i] = d;
    if (d > deepest) deepest = d;
  }
  const rowEnds = new Int32Array(deepest + 1);
  for (let i = size - 1; i >= 0; i--) {
    if (end[i] === 0) end[i] = i + 1;
    if (i > 0 && end[parent[i]!]! < end[i]!) end[parent[i]!] = end[i]!;
    if (!folded?.[i]) rowEnds[depth[i]!] = rowEnds[depth[i]!]! + 1;
  }
  const next = new Int32Array(deepest + 1);
  for (let d = 1; d <= deepest; d++) {
    next[d] = rowEnds[d - 1]!;
    rowEnds[d] = rowEnds[d]! + rowEnds[d - 1]!;
  }
  const rows = new Int32Array(rowEnds[deepest]!);
  for (let i = 0; i < size; i++) {
    if (folded?.[i]) continue;
    const d = depth[i]!;
    rows[next[d]!] = i;
    next[d] = next[d]! + 1;
  }
  const before = baseline && {
    self: baseline.self.map(value => value * baseline.scale),
    total: totals(parent, baseline.self, baseline.rest).map(value => value * baseline.scale),
  };
  return {
    ...columns, total: width[0]!, width, left, depth, end, rows, rowEnds, folded, before, ofBaseline: false,
    whole: width[0]! || before?.total[0] || 0,
  };
}

/** The same comparison with boxes as wide as in the baseline: what is gone is seen there. */
export function fromBaseline(tree: Tree): Tree {
  if (!tree.baseline) return tree;
  const { self, rest, scale } = tree.baseline;
  const other = layout({
    ...tree, self: self.map(value => value * scale), rest: rest.map(value => value * scale), baseline: { self: tree.self, rest: tree.rest, scale: 1 },
  }, tree.folded);
  return { ...other, ofBaseline: true, whole: tree.whole };
}

/** Whether a frame of a comparison is not on the other side: new, or gone. */
export const isOneSided = (tree: Tree, node: number) => tree.before !== null && node > 0 && tree.before.total[node] === 0 && tree.width[node]! > 0;

function totals(parent: Int32Array, self: Float64Array, rest: Float64Array): Float64Array {
  const total = new Float64Array(parent.length);
  for (let i = parent.length - 1; i >= 0; i--) {
    total[i] = total[i]! + self[i]! + rest[i]!;
    if (i > 0) total[parent[i]!] = total[parent[i]!]! + total[i]!;
  }
  return total;
}

export const size = (tree: Columns) => tree.parent.length;
export const nameOf = (tree: Columns, node: number) => nameAt(tree.names, tree.name[node]!);
export const kindOf = (tree: Columns, node: number) => tree.kinds[tree.kind[node]!] ?? "unknown";
export const rowCount = (tree: Tree) => tree.rowEnds.length;

/** The nodes of one depth; empty where there is none. */
export const row = (tree: Tree, depth: number) => tree.rows.subarray(depth <= 0 ? 0 : tree.rowEnds[depth - 1], depth < 0 ? 0 : tree.rowEnds[depth] ?? 0);

/** Where the remainder of a node begins: right of its last child. */
export const restLeft = (tree: Tree, node: number) => tree.left[node]! + tree.width[node]! - tree.self[node]! - tree.rest[node]!;

/** The node whose remainder is at a place of a row; -1 when none is. */
export function restAt(tree: Tree, depth: number, position: number): number {
  const parent = nodeAt(tree, depth - 1, position);
  if (parent < 0) return -1;
  const from = restLeft(tree, parent);
  return position >= from && position < from + tree.rest[parent]! ? parent : -1;
}

/** The names from a child of the root on: how the server is asked for what is below a node. */
export const pathNames = (tree: Tree, node: number) => path(tree, node).slice(1).map(each => nameOf(tree, each));

/** The tree with the answer to the path of `node` in place of what was below it. */
export function graft(tree: Tree, node: number, answer: Columns): Tree {
  const after = tree.end[node]!;
  const added = size(answer) - 1;
  const length = node + 1 + added + size(tree) - after;
  const shift = node + 1 + added - after;
  const column = <T extends Int32Array | Uint8Array | Float64Array>(into: T, from: T, of: T, moved = (value: number) => value) => {
    into.set(from.subarray(0, node + 1));
    for (let i = 1; i <= added; i++) into[node + i] = moved(of[i]!);
    into.set(from.subarray(after), node + 1 + added);
    return into;
  };
  const values = (from: Float64Array, of: Float64Array) => {
    const into = column(new Float64Array(length), from, of);
    into[node] = of[0]!;
    return into;
  };
  const parent = column(new Int32Array(length), tree.parent, answer.parent, above => node + above);
  for (let i = node + 1 + added; i < length; i++) if (parent[i]! >= after) parent[i] = parent[i]! + shift;
  const names = tree.names.ends.length;
  return layout({
    ...tree,
    names: joined(tree.names, answer.names),
    parent,
    name: column(new Int32Array(length), tree.name, answer.name, name => names + name),
    kind: column(new Uint8Array(length), tree.kind, answer.kind),
    self: values(tree.self, answer.self),
    rest: values(tree.rest, answer.rest),
    baseline: tree.baseline && answer.baseline && {
      ...tree.baseline,
      self: values(tree.baseline.self, answer.baseline.self),
      rest: values(tree.baseline.rest, answer.baseline.rest),
    },
  });
}

/** Index in `row` of the first node that ends right of `position`. */
export function firstVisible(tree: Tree, row: Int32Array, position: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const node = row[middle]!;
    if (tree.left[node]! + tree.width[node]! <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function nodeAt(tree: Tree, depth: number, position: number): number {
  const nodes = row(tree, depth);
  const node = nodes[firstVisible(tree, nodes, position)];
  return node !== undefined && tree.left[node]! <= position ? node : -1;
}

/** Children of a node from left to right, which is from large to small. */
export function children(tree: Tree, node: number): number[] {
  const found: number[] = [];
  for (let child = node + 1; child < tree.end[node]!; child = tree.end[child]!) found.push(child);
  return found;
}

export function path(tree: Columns, node: number): number[] {
  const nodes: number[] = [];
  for (let n = node; n >= 0; n = tree.parent[n]!) nodes.push(n);
  return nodes.reverse();
}

/** Value under nodes whose names match, each sample once. */
export function matchedTotal(tree: Tree, names: Uint8Array): number {
  let total = 0;
  for (let i = 1; i < size(tree); ) {
    if (names[tree.name[i]!]) {
      total += tree.width[i]!;
      i = tree.end[i]!;
    } else i++;
  }
  return total;
}

/** How many nodes have a name that matches. */
export function matchedCount(tree: Tree, names: Uint8Array): number {
  let count = 0;
  for (let i = 1; i < size(tree); i++) if (names[tree.name[i]!]) count++;
  return count;
}

/** A short word for a path of names, for the address: the same in every tree that has this path. */
export function placeOf(tree: Tree, node: number): string | null {
  if (node <= 0) return null;
  let hash = 0;
  let own = 0;
  for (const step of path(tree, node).slice(1)) {
    own = hashOf(nameOf(tree, step));
    hash = mixed(hash, own);
  }
  return [hash, own].map(each => (each >>> 0).toString(36)).join("-");
}

/** The same where a path may be there several times: then only its number tells it apart. */
export const placeInOrder = (node: number) => (node <= 0 ? null : "n" + node);

/** The node of a place; the root when there is none. */
export function nodeOf(tree: Tree, place: string | null): number {
  if (place && /^n\d+$/.test(place)) {
    const node = Number(place.slice(1));
    return node < size(tree) ? node : 0;
  }
  const [wanted, wantedOwn] = (place ?? "").split("-").map(part => parseInt(part, 36) | 0);
  if (wantedOwn === undefined) return 0;
  const ofNames = Int32Array.from(tree.names.ends, (_, i) => hashOf(nameAt(tree.names, i)));
  const hashes = new Int32Array(size(tree));
  for (let i = 1; i < hashes.length; i++) {
    const own = ofNames[tree.name[i]!]!;
    const hash = mixed(hashes[tree.parent[i]!]!, own);
    if (hash === wanted && own === wantedOwn) return i;
    hashes[i] = hash;
  }
  return 0;
}

/** FNV-1a of UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

const mixed = (above: number, own: number) => Math.imul((above << 5) ^ (above >>> 27) ^ own, 0x9e3779b1) | 0;
