// Where the boxes of a flame graph stand and what they look like. Pure; knows no canvas.

import { foldedInto } from "../lib/chains";
import { changeColour, frameColour, isChange, type ColourBy } from "../lib/colour";
import { firstVisible, isOneSided, kindOf, nameOf, restLeft, row, rowCount, type Tree } from "../lib/tree";
import type { CssPixels } from "./units";

/** Height of a row, with the line below it. */
export const ROW_HEIGHT: CssPixels = 18;
/** What is searched for is lit, all else is dimmed. */
export const MATCH = "#f5a524";
export const REST = "#8b93a1";
/** Between boxes of a row; narrower boxes have a narrower one or none, or a row of them would be mostly gaps. */
const GAP: CssPixels = 0.8;
const gapOf = (width: CssPixels): CssPixels => (width >= 5 ? GAP : width >= 2.5 ? GAP / 2 : 0);
/** What is narrower is drawn with its neighbours, as one box. */
const MIN_BOX: CssPixels = 1;
/** What was cut is not shown where it is narrower. */
const MIN_REST: CssPixels = 2;

/** As tall as a graph is: its rows, and one for what was cut below the last. */
export const graphHeight = (tree: Tree): CssPixels => (rowCount(tree) + 1) * ROW_HEIGHT;

export interface View {
  tree: Tree;
  /** The node that fills the width. */
  zoom: number;
  /** The node that is pointed at, or -1. */
  focus: number;
  /** By name: 1 for what was searched for. */
  matches: Uint8Array | null;
  colours: ColourBy;
  /** The root at the bottom and flames above it, instead of icicles below. */
  upward: boolean;
  /** Which of the two palettes. */
  dark?: boolean;
  /** A part of the whole that fills the width, in the measure's unit from the root's left edge; absent where `zoom` decides. */
  window?: Window | null;
}

export interface Window {
  from: number;
  to: number;
}

/** What fills the width. */
export function seen({ tree, zoom, window }: View): Window {
  const from = tree.left[zoom]!;
  return window ?? { from, to: from + (tree.width[zoom]! || 1) };
}

/** Colours of frames, worked out once for each name and kind of a tree. */
const known = new WeakMap<Tree, Map<string, Map<number, string>>>();

/** What a box looks like. */
function fill({ tree, matches, colours, dark = false }: View, node: number): string {
  const name = tree.name[node]!;
  if (matches && isMatch(tree, matches, node)) return MATCH;
  if (isChange(colours) && tree.before) {
    const [now, before] = [tree.width[node]!, tree.before.total[node]!];
    const whole = colours === "change" ? tree.whole : null;
    return tree.ofBaseline ? changeColour(before, now, whole, dark) : changeColour(now, before, whole, dark);
  }
  const by = isChange(colours) ? "package" : colours;
  let palettes = known.get(tree);
  if (!palettes) known.set(tree, (palettes = new Map()));
  let palette = palettes.get(by + dark);
  if (!palette) palettes.set(by + dark, (palette = new Map()));
  const key = name * tree.kinds.length + tree.kind[node]!;
  let colour = palette.get(key);
  if (!colour) {
    // The root is nobody's code.
    colour = frameColour(nameOf(tree, node), node === 0 ? "group" : kindOf(tree, node), by, dark);
    palette.set(key, colour);
  }
  return colour;
}

/** Whether a node, or a frame that is folded into its box, is what was searched for. */
function isMatch(tree: Tree, matches: Uint8Array, node: number): boolean {
  for (let i = node - foldedInto(tree, node); i <= node; i++) if (matches[tree.name[i]!]) return true;
  return false;
}

/** Whether a frame is on one side only while its caller is on both: what it called need not say so again. */
export const marked = (tree: Tree, node: number) => isOneSided(tree, node) && !isOneSided(tree, tree.parent[node - foldedInto(tree, node)]!);

export interface Box {
  node: number;
  /** Of what the budget cut, whose node is its parent; of many that are narrower than a pixel, whose node is the first. */
  kind: "frame" | "rest" | "many";
  colour: string;
  x: CssPixels;
  width: CssPixels;
  row: number;
}

/** The boxes of some rows at some width; neighbours that are narrower than a pixel are one box. */
export function boxes(view: View, width: CssPixels, firstRow: number, lastRow: number, draw: (box: Box) => void): void {
  const { tree, matches } = view;
  const { from, to } = seen(view);
  const scale = width / (to - from);
  const box: Box = { node: 0, kind: "frame", colour: "", x: 0, width: 0, row: 0 };
  const put = (node: number, kind: Box["kind"], colour: string, x: CssPixels, end: CssPixels, depth: number) => {
    box.node = node;
    box.kind = kind;
    box.colour = colour;
    box.x = x;
    box.width = Math.max(GAP, end - x - (kind === "many" ? 0 : gapOf(end - x)));
    box.row = depth;
    draw(box);
  };
  // In a comparison, and where something is searched for, the colour is what matters.
  const alike = (one: string, other: string) => one === other || (!isChange(view.colours) && one !== MATCH && other !== MATCH);
  for (let depth = firstRow; depth <= lastRow; depth++) {
    const nodes = row(tree, depth);
    let many = { node: -1, colour: "", x: 0, end: 0 };
    const endMany = () => {
      if (many.node >= 0) put(many.node, "many", many.colour, many.x, many.end, depth);
      many.node = -1;
    };
    for (let i = firstVisible(tree, nodes, from); i < nodes.length; i++) {
      const node = nodes[i]!;
      const left = tree.left[node]!;
      if (left >= to) break;
      const x = Math.max(0, (left - from) * scale);
      const end = Math.min(width, (left + tree.width[node]! - from) * scale);
      if (end - x >= MIN_BOX) {
        endMany();
        put(node, "frame", fill(view, node), x, end, depth);
        continue;
      }
      const colour = many.node >= 0 && !matches && !isChange(view.colours) ? many.colour : fill(view, node);
      const pixel = Math.ceil(x + GAP);
      if (many.node >= 0 && x - many.end <= MIN_BOX && alike(many.colour, colour)) many.end = Math.max(end, pixel);
      else {
        endMany();
        many = { node, colour, x, end: Math.max(end, pixel) };
      }
      // Those that end within a pixel that is drawn are stepped over, not looked at.
      i = Math.max(i, firstVisible(tree, nodes, from + pixel / scale) - 1);
    }
    endMany();
    const above = row(tree, depth - 1);
    for (let i = firstVisible(tree, above, from); i < above.length; i++) {
      const parent = above[i]!;
      if (tree.left[parent]! >= to) break;
      const x = Math.max(0, (tree.left[parent]! - from) * scale);
      const end = Math.min(width, (tree.left[parent]! + tree.width[parent]! - from) * scale);
      if (end - x < MIN_BOX) i = Math.max(i, firstVisible(tree, above, from + Math.ceil(x + GAP) / scale) - 1);
      if (tree.rest[parent]! * scale < MIN_REST) continue;
      const rest = restLeft(tree, parent);
      const restX = Math.max(0, (rest - from) * scale);
      const restEnd = Math.min(width, (rest + tree.rest[parent]! - from) * scale);
      if (restEnd > restX) put(parent, "rest", REST, restX, restEnd, depth);
    }
  }
}
