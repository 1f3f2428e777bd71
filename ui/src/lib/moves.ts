// From one frame to another by keyboard, among the boxes that are drawn.

import { boxOf, callerOf } from "./chains";
import { children, type Tree } from "./tree";

/** The first of those that a frame called. */
export const callee = (tree: Tree, node: number): number | undefined => children(tree, node).map(each => boxOf(tree, each))[0];

export function caller(tree: Tree, node: number): number | undefined {
  const above = callerOf(tree, node);
  return above >= 0 ? above : undefined;
}

/** The frame right or left of one, of the same caller. */
export function sibling(tree: Tree, node: number, step: 1 | -1): number | undefined {
  if (node === 0) return undefined;
  const all = children(tree, callerOf(tree, node)).map(each => boxOf(tree, each));
  return all[all.indexOf(node) + step];
}

/** The nearest frame after or before one that matches, going round within what is zoomed. `matches` has 1 for each name that does. */
export function nextMatch(tree: Tree, matches: Uint8Array, zoom: number, from: number, step: 1 | -1): number | undefined {
  const count = tree.end[zoom]! - zoom;
  for (let i = 1; i <= count; i++) {
    const node = zoom + ((((from - zoom + step * i) % count) + count) % count);
    const box = boxOf(tree, node);
    if (matches[tree.name[node]!] && node > 0 && box !== from) return box;
  }
  return undefined;
}
