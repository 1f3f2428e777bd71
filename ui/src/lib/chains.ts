// Frames that only pass on: runs of only children that have nothing of their own. Folded, a run stands in the box of what it leads to.

import { kindOf, layout, size, type Tree } from "./tree";

/** Fewer take no room worth a fold. */
const SHORTEST = 2;

/** The tree with its runs folded, but for those that lead to a node of `open`. */
export function foldChains(tree: Tree, open: ReadonlySet<number>): Tree {
  const folded = new Uint8Array(size(tree));
  for (let i = 1; i < folded.length; i++) if (passesOn(tree, i)) folded[i] = 1;
  for (let i = 1; i < folded.length; i++) {
    if (!folded[i]) continue;
    const first = i;
    // The only child of a node is the next one.
    while (folded[i]) i++;
    if (i - first < SHORTEST || open.has(i)) folded.fill(0, first, i);
  }
  return { ...layout(tree, folded), ofBaseline: tree.ofBaseline, whole: tree.whole };
}

function passesOn(tree: Tree, node: number): boolean {
  const { self, rest, baseline, end } = tree;
  const next = node + 1;
  const nothing = self[node] === 0 && rest[node] === 0 && !(baseline && (baseline.self[node] || baseline.rest[node]));
  return nothing && next < end[node]! && end[next] === end[node] && kindOf(tree, node) !== "group";
}

/** How many frames are folded into the box of a node. */
export function foldedInto(tree: Tree, node: number): number {
  let count = 0;
  while (tree.folded?.[node - 1 - count]) count++;
  return count;
}

/** The node in whose box a node stands: itself, unless it is folded. */
export function boxOf(tree: Tree, node: number): number {
  while (tree.folded?.[node]) node++;
  return node;
}

/** The node above a box; -1 above the root. */
export const callerOf = (tree: Tree, node: number) => tree.parent[node - foldedInto(tree, node)]!;
