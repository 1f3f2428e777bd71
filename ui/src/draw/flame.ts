// The flame graph on a canvas. The canvas has the size of the viewport, never of the graph: deep stacks would break it.

import { nodeAt, restAt, rowCount } from "../lib/tree";
import { graphHeight, ROW_HEIGHT, seen, type View, type Window } from "./boxes";
import { Letters } from "./labels";
import type { Minimap } from "./minimap";
import { paint } from "./paint";
import { svg } from "./svg";
import { fitCanvas, type CssPixels } from "./units";

/** Browsers draw no larger canvas; deeper graphs are cut in a picture of them. */
const MAX_PICTURE: CssPixels = 16_000;

/** A scroll that leaves less of the picture on the canvas draws all of it anew. */
const WORTH_KEEPING = 0.8;

/** A ten-millionth of the whole is less than a sample of any recording. */
const NARROWEST = 1e-7;

/** What is at a place: a node, or what the node budget cut below one; -1 when nothing is. */
export interface Hit {
  node: number;
  restOf: number;
}

/** What a canvas shows, and from where: another scroll position of the same is mostly there already. */
interface Shown {
  view: View;
  width: CssPixels;
  height: CssPixels;
  ratio: number;
  scrolled: CssPixels;
}

export class FlameCanvas {
  private readonly context: CanvasRenderingContext2D;
  private readonly letters: Letters;
  private scheduled = 0;
  private view: View | null = null;
  private shown: Shown | null = null;

  private text = "";

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly viewport: HTMLElement,
    private readonly map: Minimap | null = null,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser draws no canvas");
    this.context = context;
    this.letters = Letters.of(context);
  }

  show(view: View): void {
    this.view = view;
    this.text = "";
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
    const height = this.view && tall ? Math.min(MAX_PICTURE, graphHeight(this.view.tree)) + "px" : "";
    this.viewport.style.height = height;
    this.draw();
  }

  under(event: MouseEvent): Hit {
    if (!this.view) return { node: -1, restOf: -1 };
    const box = this.canvas.getBoundingClientRect();
    const { tree, zoom, upward, window } = this.view;
    const y = event.clientY - box.top + this.viewport.scrollTop;
    const depth = Math.floor((upward ? this.tall() - y : y) / ROW_HEIGHT);
    if (!window && depth <= tree.depth[zoom]!) {
      return { node: nodeAt(tree, depth, tree.left[zoom]!), restOf: -1 }; // callers of the zoomed node fill the width
    }
    const { from, to } = seen(this.view);
    const position = from + ((event.clientX - box.left) / box.width) * (to - from);
    const node = nodeAt(tree, depth, position);
    return { node, restOf: node < 0 ? restAt(tree, depth, position) : -1 };
  }

  /** What fills the width after a step of the wheel: larger or smaller around a place of the canvas, or moved by some pixels. */
  panned(event: MouseEvent, factor: number, move: CssPixels): Window | null {
    if (!this.view) return null;
    const box = this.canvas.getBoundingClientRect();
    const { total } = this.view.tree;
    const { from, to } = seen(this.view);
    const at = from + ((event.clientX - box.left) / box.width) * (to - from);
    const width = Math.min(total, Math.max(total * NARROWEST, (to - from) * factor));
    const left = at - ((at - from) / (to - from)) * width + (move / box.width) * width;
    const begin = Math.max(0, Math.min(total - width, left));
    return width >= total ? null : { from: begin, to: begin + width };
  }

  /** As tall as the graph is, and the viewport at least. */
  private tall(): CssPixels {
    return Math.max(graphHeight(this.view!.tree), this.viewport.clientHeight);
  }

  /** How far a row is from the graph's upper edge. */
  rowTop(depth: number): CssPixels {
    return this.view?.upward ? this.tall() - (depth + 1) * ROW_HEIGHT : depth * ROW_HEIGHT;
  }

  /** Draws now. */
  draw(): void {
    if (!this.view) return;
    const width = this.viewport.clientWidth;
    const height = this.viewport.clientHeight;
    const ratio = fitCanvas(this.canvas, width, height);
    // Whole dots: what is between two is blurred, and cannot be moved.
    const scrolled = Math.round(this.viewport.scrollTop * ratio) / ratio;
    const shown = { view: this.view, width, height, ratio, scrolled };
    const [from, to] = this.keep(shown);
    this.shown = shown;
    if (to > from) this.strip(from, to, shown);
    this.map?.draw(this.view);
  }

  /** Keeps what of the canvas stays the same, where it is now. @returns from where to where it is empty: CSS pixels from its top */
  private keep({ view, width, height, ratio, scrolled }: Shown): [CssPixels, CssPixels] {
    const last = this.shown;
    const g = this.context;
    g.setTransform(1, 0, 0, 1, 0, 0);
    const alike = last?.view === view && last.width === width && last.height === height && last.ratio === ratio;
    const moved = alike ? scrolled - last.scrolled : Infinity;
    if (Math.abs(moved) > height * WORTH_KEEPING) {
      g.clearRect(0, 0, this.canvas.width, this.canvas.height);
      return [0, height];
    }
    if (moved === 0 || width === 0) return [0, 0];
    // Drawn onto itself, and nothing else stays: a scroll costs the rows that come into sight (./davy bench page large).
    g.globalCompositeOperation = "copy";
    g.drawImage(this.canvas, 0, -Math.round(moved * ratio));
    g.globalCompositeOperation = "source-over";
    return moved > 0 ? [height - moved, height] : [0, -moved];
  }

  /** Draws what is between two heights of the canvas. */
  private strip(from: CssPixels, to: CssPixels, { view, width, ratio, scrolled }: Shown): void {
    const g = this.context;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [nearest, farthest] = view.upward
      ? [this.tall() - scrolled - to, this.tall() - scrolled - from]
      : [scrolled + from, scrolled + to];
    const last = Math.min(rowCount(view.tree), Math.floor(farthest / ROW_HEIGHT));
    g.save();
    g.beginPath();
    g.rect(0, from, width, to - from);
    g.clip();
    paint(g, view, width, Math.max(0, Math.floor(nearest / ROW_HEIGHT)), last, depth => this.rowTop(depth) - scrolled, this.textColour(), this.letters);
    g.restore();
  }

  /** Asked for once for each view: a style costs more than a row of boxes. */
  private textColour(): string {
    return (this.text ||= getComputedStyle(this.viewport).getPropertyValue("--frame-text"));
  }

  /** The whole graph, not only what the viewport shows. */
  png(): Promise<Blob | null> {
    const view = this.view!;
    const canvas = document.createElement("canvas");
    canvas.width = this.viewport.clientWidth;
    canvas.height = Math.min(MAX_PICTURE, graphHeight(view.tree));
    const context = canvas.getContext("2d")!;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const rows = Math.floor(canvas.height / ROW_HEIGHT) - 1;
    paint(context, { ...view, focus: -1 }, canvas.width, 0, rows, depth => (view.upward ? rows - depth : depth) * ROW_HEIGHT, this.textColour(), this.letters);
    return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
  }

  svg(): string {
    return svg(this.view!, this.viewport.clientWidth, this.letters);
  }
}
