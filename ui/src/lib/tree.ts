// A merged tree laid out for drawing: typed columns, rows by depth. Pure; knows no canvas.

import type { FlameColumns } from "../api/rest";

export interface Tree {
  measure: string;
  unit: string;
  total: number;
  kinds: string[];
  names: string[];
  /** Per node, in preorder; node 0 is the root. */
  parent: Int32Array;
  name: Int32Array;
  kind: Uint8Array;
  self: Float64Array;
  width: Float64Array;
  /** Where the node begins, in the measure's unit from the root's left edge. */
  left: Float64Array;
  depth: Int32Array;
  /** Nodes per depth, from left to right. */
  rows: Int32Array[];
  /** Of a comparison: the baseline's values, already multiplied by the scale. */
  before: { self: Float64Array; total: Float64Array } | null;
}

export function layout(columns: FlameColumns): Tree {
  const size = columns.nodes.parent.length;
  const parent = Int32Array.from(columns.nodes.parent);
  const width = Float64Array.from(columns.nodes.total);
  const left = new Float64Array(size);
  const depth = new Int32Array(size);
  const used = new Float64Array(size);
  const counts: number[] = [1];
  for (let i = 1; i < size; i++) {
    const p = parent[i]!;
    left[i] = left[p]! + used[p]!;
    used[p] = used[p]! + width[i]!;
    const d = depth[p]! + 1;
    depth[i] = d;
    counts[d] = (counts[d] ?? 0) + 1;
  }
  const rows = counts.map(count => new Int32Array(count));
  const filled = new Int32Array(rows.length);
  for (let i = 0; i < size; i++) {
    const d = depth[i]!;
    rows[d]![filled[d]!++] = i;
  }
  return {
    measure: columns.measure,
    unit: columns.unit,
    total: columns.total,
    kinds: columns.kinds,
    names: columns.names,
    parent,
    name: Int32Array.from(columns.nodes.name),
    kind: Uint8Array.from(columns.nodes.kind),
    self: Float64Array.from(columns.nodes.self),
    width,
    left,
    depth,
    rows,
    before: columns.nodes.baselineTotal && columns.nodes.baselineSelf
      ? {
          self: Float64Array.from(columns.nodes.baselineSelf, value => value * (columns.scale ?? 1)),
          total: Float64Array.from(columns.nodes.baselineTotal, value => value * (columns.scale ?? 1)),
        }
      : null,
  };
}

/** What the node budget cut below a node: its value that is neither its own nor that of a child that is here. */
export function remainder(tree: Tree, node: number): number {
  let below = 0;
  for (const child of children(tree, node)) below += tree.width[child]!;
  return Math.max(0, tree.width[node]! - tree.self[node]! - below);
}

/** Where the remainder of a node begins: right of its last child. */
export function remainderLeft(tree: Tree, node: number): number {
  const last = children(tree, node).at(-1);
  return last === undefined ? tree.left[node]! : tree.left[last]! + tree.width[last]!;
}

/** The node whose remainder is at a place of a row; -1 when none is. */
export function remainderAt(tree: Tree, depth: number, position: number): number {
  const parent = nodeAt(tree, depth - 1, position);
  if (parent < 0) return -1;
  const from = remainderLeft(tree, parent);
  const rest = remainder(tree, parent);
  return rest > 0 && position >= from && position < from + rest ? parent : -1;
}

/** The names from a child of the root on: how the server is asked for what is below a node. */
export const names = (tree: Tree, node: number) => path(tree, node).slice(1).map(each => tree.names[tree.name[each]!]!);

/** `columns` with the answer to the path of `node` in place of what was below it. */
export function graft(columns: FlameColumns, node: number, answer: FlameColumns): FlameColumns {
  const from = columns.nodes;
  const size = from.parent.length;
  const inside = new Uint8Array(size);
  inside[node] = 1;
  for (let i = node + 1; i < size; i++) inside[i] = inside[from.parent[i]!]!;
  const moved = new Int32Array(size);
  const nodes: FlameColumns["nodes"] = { parent: [], name: [], kind: [], self: [], total: [] };
  const compared = from.baselineTotal !== undefined && answer.nodes.baselineTotal !== undefined;
  if (compared) {
    nodes.baselineSelf = [];
    nodes.baselineTotal = [];
  }
  const add = (of: FlameColumns["nodes"], i: number, parent: number, name: number) => {
    nodes.parent.push(parent);
    nodes.name.push(name);
    nodes.kind.push(of.kind[i]!);
    nodes.self.push(of.self[i]!);
    nodes.total.push(of.total[i]!);
    if (compared) {
      nodes.baselineSelf!.push(of.baselineSelf![i]!);
      nodes.baselineTotal!.push(of.baselineTotal![i]!);
    }
  };
  for (let i = 0; i < size; i++) {
    if (inside[i] && i !== node) continue;
    moved[i] = nodes.parent.length;
    add(from, i, from.parent[i]! < 0 ? -1 : moved[from.parent[i]!]!, from.name[i]!);
    if (i === node) {
      const at = nodes.parent.length;
      for (let k = 1; k < answer.nodes.parent.length; k++) {
        const parent = answer.nodes.parent[k]!;
        add(answer.nodes, k, parent === 0 ? moved[node]! : at + parent - 1, columns.names.length + answer.nodes.name[k]!);
      }
    }
  }
  return { ...columns, names: [...columns.names, ...answer.names], nodes };
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
  const row = tree.rows[depth];
  if (!row) return -1;
  const node = row[firstVisible(tree, row, position)];
  return node !== undefined && tree.left[node]! <= position ? node : -1;
}

/** Children of a node from left to right, which is from large to small. */
export function children(tree: Tree, node: number): number[] {
  const row = tree.rows[tree.depth[node]! + 1];
  const found: number[] = [];
  if (!row) return found;
  for (let i = firstVisible(tree, row, tree.left[node]!); i < row.length && tree.parent[row[i]!] === node; i++) {
    found.push(row[i]!);
  }
  return found;
}

export function path(tree: Tree, node: number): number[] {
  const nodes: number[] = [];
  for (let n = node; n >= 0; n = tree.parent[n]!) nodes.push(n);
  return nodes.reverse();
}

export interface Matches {
  /** By name. */
  names: Uint8Array;
  /** Value under matching frames, each sample once. */
  total: number;
}

/** Names that match; text is found anywhere and in any case, `/…/` is a regular expression. Null: the expression is wrong. */
export function search(tree: Tree, query: string): Matches | null {
  const expression = /^\/(.+)\/$/.exec(query);
  let test: (name: string) => boolean;
  if (expression) {
    try {
      const pattern = new RegExp(expression[1]!, "i");
      test = name => pattern.test(name);
    } catch {
      return null;
    }
  } else {
    const wanted = query.toLowerCase();
    test = name => name.toLowerCase().includes(wanted);
  }
  const names = Uint8Array.from(tree.names, name => (test(name) ? 1 : 0));
  let total = 0;
  let counted = 0;
  for (let i = 1; i < tree.parent.length; i++) {
    // Preorder: what lies left of `counted` is inside a match that was counted.
    if (names[tree.name[i]!] && tree.left[i]! >= counted) {
      total += tree.width[i]!;
      counted = tree.left[i]! + tree.width[i]!;
    }
  }
  return { names, total };
}

/** The node of `to` with the same path of names as `node` has in `from`; the root when there is none. */
export function counterpart(from: Tree, node: number, to: Tree): number {
  let found = 0;
  for (const step of path(from, node).slice(1)) {
    const name = from.names[from.name[step]!];
    const next = children(to, found).find(child => to.names[to.name[child]!] === name);
    if (next === undefined) return 0;
    found = next;
  }
  return found;
}
