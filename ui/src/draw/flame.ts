// The flame graph on a canvas. The canvas has the size of the viewport, never of the graph: deep stacks would break it.

import { foldedInto } from "../lib/chains";
import { changeColour, frameColour, isChange, type ColourBy } from "../lib/colour";
import { qualifierLength } from "../lib/names";
import { firstVisible, isOneSided, kindOf, nameOf, nodeAt, restAt, restLeft, row, rowCount, type Tree } from "../lib/tree";
import type { Minimap } from "./minimap";

export const ROW = 18;
const MATCH = "#d946ef";
export const REST = "#9aa3af";
const TEXT_FROM = 26;
const CHARACTER = 6.6;
/** Browsers draw no larger canvas; deeper graphs are cut in a picture of them. */
const MAX_PICTURE = 16_000;

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
}

/** What is at a place: a node, or what the node budget cut below one; -1 when nothing is. */
export interface Hit {
  node: number;
  restOf: number;
}

/** Colours of frames, worked out once for each name and kind of a tree. */
const known = new WeakMap<Tree, Record<ColourBy, Map<number, string>>>();

/** What a box looks like. */
function fill({ tree, matches, colours }: View, node: number): string {
  const name = tree.name[node]!;
  if (matches && isMatch(tree, matches, node)) return MATCH;
  if (isChange(colours) && tree.before) {
    const [now, before] = [tree.width[node]!, tree.before.total[node]!];
    const whole = colours === "change" ? tree.whole : null;
    return tree.ofBaseline ? changeColour(before, now, whole) : changeColour(now, before, whole);
  }
  let palettes = known.get(tree);
  if (!palettes) known.set(tree, (palettes = { package: new Map(), kind: new Map(), change: new Map(), "own-change": new Map() }));
  const key = name * tree.kinds.length + tree.kind[node]!;
  let colour = palettes[colours].get(key);
  if (!colour) {
    colour = frameColour(nameOf(tree, node), kindOf(tree, node), isChange(colours) ? "package" : colours);
    palettes[colours].set(key, colour);
  }
  return colour;
}

/** Whether a node, or a frame that is folded into its box, is what was searched for. */
function isMatch(tree: Tree, matches: Uint8Array, node: number): boolean {
  for (let i = node - foldedInto(tree, node); i <= node; i++) if (matches[tree.name[i]!]) return true;
  return false;
}

/** What is written in a box. */
function text(tree: Tree, node: number, width: number): string {
  const folded = foldedInto(tree, node);
  const before = (marked(tree, node) ? (tree.ofBaseline ? "gone: " : "new: ") : "") + (folded > 0 ? `${folded} ▸ ` : "");
  return before + shortened(nameOf(tree, node), kindOf(tree, node), width - before.length * CHARACTER);
}

/** Whether a frame is on one side only while its caller is on both: what it called need not say so again. */
const marked = (tree: Tree, node: number) => isOneSided(tree, node) && !isOneSided(tree, tree.parent[node - foldedInto(tree, node)]!);

export interface Box {
  node: number;
  /** Of what the budget cut, whose node is its parent; of many that are narrower than a pixel, whose node is the first. */
  kind: "frame" | "rest" | "many";
  colour: string;
  x: number;
  width: number;
  row: number;
}

/** The boxes of some rows at some width; neighbours that are narrower than a pixel are one box. */
export function boxes(view: View, width: number, firstRow: number, lastRow: number, draw: (box: Box) => void): void {
  const { tree, zoom, matches } = view;
  const from = tree.left[zoom]!;
  const to = from + (tree.width[zoom]! || 1);
  const scale = width / (to - from);
  const box: Box = { node: 0, kind: "frame", colour: "", x: 0, width: 0, row: 0 };
  const put = (node: number, kind: Box["kind"], colour: string, x: number, end: number, depth: number) => {
    box.node = node;
    box.kind = kind;
    box.colour = colour;
    box.x = x;
    box.width = Math.max(0.6, end - x - 0.6);
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
      if (end - x >= 1) {
        endMany();
        put(node, "frame", fill(view, node), x, end, depth);
        continue;
      }
      const colour = many.node >= 0 && !matches && !isChange(view.colours) ? many.colour : fill(view, node);
      const pixel = Math.ceil(x + 0.6);
      if (many.node >= 0 && x - many.end <= 1 && alike(many.colour, colour)) many.end = Math.max(end, pixel);
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
      if (end - x < 1) i = Math.max(i, firstVisible(tree, above, from + Math.ceil(x + 0.6) / scale) - 1);
      if (tree.rest[parent]! * scale < 2) continue;
      const rest = restLeft(tree, parent);
      const restX = Math.max(0, (rest - from) * scale);
      const restEnd = Math.min(width, (rest + tree.rest[parent]! - from) * scale);
      if (restEnd > restX) put(parent, "rest", REST, restX, restEnd, depth);
    }
  }
}

export class FlameCanvas {
  private readonly context: CanvasRenderingContext2D;
  private scheduled = 0;
  private view: View | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly viewport: HTMLElement,
    private readonly map: Minimap | null = null,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser draws no canvas");
    this.context = context;
  }

  show(view: View): void {
    this.view = view;
    this.redraw();
  }

  /** Draws once in the next animation frame, however often it is asked for. */
  redraw(): void {
    if (!this.scheduled) {
      this.scheduled = requestAnimationFrame(() => {
        this.scheduled = 0;
        this.draw();
      });
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
  }

  /** As tall as the graph, or as the viewport again. */
  unrolled(tall: boolean): void {
    const height = this.view && tall ? Math.min(MAX_PICTURE, (rowCount(this.view.tree) + 1) * ROW) + "px" : "";
    this.viewport.style.height = height;
    this.draw();
  }

  under(event: MouseEvent): Hit {
    if (!this.view) return { node: -1, restOf: -1 };
    const box = this.canvas.getBoundingClientRect();
    const { tree, zoom, upward } = this.view;
    const y = event.clientY - box.top + this.viewport.scrollTop;
    const depth = Math.floor((upward ? this.tall() - y : y) / ROW);
    if (depth <= tree.depth[zoom]!) {
      return { node: nodeAt(tree, depth, tree.left[zoom]!), restOf: -1 }; // callers of the zoomed node fill the width
    }
    const position = tree.left[zoom]! + ((event.clientX - box.left) / box.width) * tree.width[zoom]!;
    const node = nodeAt(tree, depth, position);
    return { node, restOf: node < 0 ? restAt(tree, depth, position) : -1 };
  }

  /** As tall as the graph is, and the viewport at least. */
  private tall(): number {
    return Math.max((rowCount(this.view!.tree) + 1) * ROW, this.viewport.clientHeight);
  }

  /** Pixels from the graph's upper edge to that of a row. */
  rowTop(depth: number): number {
    return this.view?.upward ? this.tall() - (depth + 1) * ROW : depth * ROW;
  }

  /** Draws now. */
  draw(): void {
    if (!this.view) return;
    const width = this.viewport.clientWidth;
    const height = this.viewport.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = width + "px";
      this.canvas.style.height = height + "px";
    }
    const scrolled = this.viewport.scrollTop;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
    const [nearest, farthest] = this.view.upward
      ? [this.tall() - scrolled - height, this.tall() - scrolled]
      : [scrolled, scrolled + height];
    const last = Math.min(rowCount(this.view.tree), Math.floor(farthest / ROW));
    paint(this.context, this.view, width, Math.max(0, Math.floor(nearest / ROW)), last, depth => this.rowTop(depth) - scrolled, this.textColour());
    this.map?.draw(this.view);
  }

  private textColour(): string {
    return getComputedStyle(this.viewport).getPropertyValue("--frame-text");
  }

  /** The whole graph, not only what the viewport shows. */
  png(): Promise<Blob | null> {
    const view = this.view!;
    const canvas = document.createElement("canvas");
    canvas.width = this.viewport.clientWidth;
    canvas.height = Math.min(MAX_PICTURE, (rowCount(view.tree) + 1) * ROW);
    const context = canvas.getContext("2d")!;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const rows = Math.floor(canvas.height / ROW) - 1;
    paint(context, { ...view, focus: -1 }, canvas.width, 0, rows, depth => (view.upward ? rows - depth : depth) * ROW, this.textColour());
    return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
  }

  svg(): string {
    const view = this.view!;
    const width = this.viewport.clientWidth;
    const height = (rowCount(view.tree) + 1) * ROW;
    const parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    ];
    boxes(view, width, 0, rowCount(view.tree), box => {
      const name = box.kind === "rest" ? "not shown" : box.kind === "many" ? "many small frames" : nameOf(view.tree, box.node);
      const y = (view.upward ? rowCount(view.tree) - box.row : box.row) * ROW;
      parts.push(
        `<g><title>${escaped(name)}</title><rect x="${box.x.toFixed(1)}" y="${y}" width="${box.width.toFixed(1)}"`,
        ` height="${ROW - 1}" fill="${box.colour}"/>`,
      );
      if (box.width > TEXT_FROM && box.kind === "frame") {
        parts.push(`<text x="${(box.x + 3).toFixed(1)}" y="${y + 13}">${escaped(text(view.tree, box.node, box.width - 6))}</text>`);
      }
      parts.push("</g>");
    });
    parts.push("</svg>");
    return parts.join("");
  }
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

function paint(
  g: CanvasRenderingContext2D, view: View, width: number, firstRow: number, lastRow: number, rowTop: (depth: number) => number,
  textColour: string,
): void {
  const { tree, zoom, focus } = view;
  g.font = "12px system-ui, sans-serif";
  g.textBaseline = "middle";
  boxes(view, width, firstRow, lastRow, box => {
    const y = rowTop(box.row);
    if (box.kind === "rest") {
      g.globalAlpha = 0.35;
      g.fillStyle = box.colour;
      g.fillRect(box.x, y, box.width, ROW - 1);
      g.globalAlpha = 1;
      if (box.width > 14) {
        g.fillStyle = REST;
        g.fillText("…", box.x + 3, y + ROW / 2);
      }
      return;
    }
    g.globalAlpha = box.row < tree.depth[zoom]! ? 0.55 : 1;
    g.fillStyle = box.colour;
    g.fillRect(box.x, y, box.width, ROW - 1);
    if (box.kind === "many") return;
    if (box.width > 4 && marked(tree, box.node)) {
      g.fillStyle = textColour;
      g.fillRect(box.x, y, 2, ROW - 1);
    }
    if (box.node === focus) {
      g.strokeStyle = textColour;
      g.lineWidth = 2;
      g.strokeRect(box.x + 1, y + 1, Math.max(1, box.width - 2), ROW - 3);
    }
    if (box.width > TEXT_FROM) {
      g.fillStyle = textColour;
      g.fillText(text(tree, box.node, box.width - 6), box.x + 3, y + ROW / 2);
    }
  });
  g.globalAlpha = 1;
}

/** The end of a qualified name says most: packages and libraries go first, then what is too long. */
function shortened(name: string, kind: string, width: number): string {
  const characters = Math.floor(width / CHARACTER);
  if (name.length <= characters) return name;
  const short = name.slice(qualifierLength(name, kind));
  return short.length <= characters ? short : short.slice(0, Math.max(1, characters - 1)) + "…";
}
