// The flame graph on a canvas. The canvas has the size of the viewport, never of the graph: deep stacks would break it.

import { frameColour } from "../lib/colour";
import { firstVisible, nodeAt, type Matches, type Tree } from "../lib/tree";

export const ROW = 18;
const MATCH = "#d946ef";
const TEXT_FROM = 26;
const CHARACTER = 6.6;

export interface View {
  tree: Tree;
  /** The node that fills the width. */
  zoom: number;
  /** The node that is pointed at, or -1. */
  focus: number;
  matches: Matches | null;
}

export class FlameCanvas {
  private readonly context: CanvasRenderingContext2D;
  private scheduled = 0;
  private view: View | null = null;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly viewport: HTMLElement) {
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

  nodeUnder(event: MouseEvent): number {
    if (!this.view) return -1;
    const box = this.canvas.getBoundingClientRect();
    const depth = Math.floor((event.clientY - box.top + this.viewport.scrollTop) / ROW);
    const { tree, zoom } = this.view;
    if (depth <= tree.depth[zoom]!) {
      return nodeAt(tree, depth, tree.left[zoom]!); // callers of the zoomed node fill the width
    }
    return nodeAt(tree, depth, tree.left[zoom]! + ((event.clientX - box.left) / box.width) * tree.width[zoom]!);
  }

  private draw(): void {
    if (!this.view) return;
    const { tree, zoom, focus, matches } = this.view;
    const width = this.viewport.clientWidth;
    const height = this.viewport.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = width + "px";
      this.canvas.style.height = height + "px";
    }
    const g = this.context;
    const style = getComputedStyle(this.viewport);
    const text = style.getPropertyValue("--frame-text");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = "12px system-ui, sans-serif";
    g.textBaseline = "middle";

    const from = tree.left[zoom]!;
    const span = tree.width[zoom]! || 1;
    const scale = width / span;
    const scrolled = this.viewport.scrollTop;
    const firstRow = Math.floor(scrolled / ROW);
    const lastRow = Math.min(tree.rows.length - 1, Math.floor((scrolled + height) / ROW));
    for (let depth = firstRow; depth <= lastRow; depth++) {
      const row = tree.rows[depth]!;
      const y = depth * ROW - scrolled;
      let drawnTo = -1;
      for (let i = firstVisible(tree, row, from); i < row.length; i++) {
        const node = row[i]!;
        const left = tree.left[node]!;
        if (left >= from + span) break;
        const x = Math.max(0, (left - from) * scale);
        const end = Math.min(width, (left + tree.width[node]! - from) * scale);
        if (end <= drawnTo) continue; // narrower than a pixel that is drawn already
        const name = tree.names[tree.name[node]!]!;
        const kind = tree.kinds[tree.kind[node]!]!;
        const box = Math.max(0.6, end - x - 0.6);
        drawnTo = Math.max(end, Math.ceil(x + 0.6));
        g.globalAlpha = depth < tree.depth[zoom]! ? 0.55 : 1;
        g.fillStyle = matches?.names[tree.name[node]!] ? MATCH : frameColour(name, kind);
        g.fillRect(x, y, box, ROW - 1);
        if (node === focus) {
          g.strokeStyle = text;
          g.lineWidth = 2;
          g.strokeRect(x + 1, y + 1, Math.max(1, box - 2), ROW - 3);
        }
        if (box > TEXT_FROM) {
          g.fillStyle = text;
          g.fillText(shortened(name, box - 6), x + 3, y + ROW / 2);
        }
      }
    }
    g.globalAlpha = 1;
  }
}

/** The end of a qualified name says most: packages go first, then what is too long. */
function shortened(name: string, width: number): string {
  const characters = Math.floor(width / CHARACTER);
  if (name.length <= characters) return name;
  const method = name.lastIndexOf(".");
  const type = method < 0 ? -1 : name.lastIndexOf(".", method - 1);
  const short = type < 0 ? name : name.slice(type + 1);
  return short.length <= characters ? short : short.slice(0, Math.max(1, characters - 1)) + "…";
}
