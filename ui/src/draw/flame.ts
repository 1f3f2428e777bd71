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

/** A ten-millionth of the whole is less than a sample of any recording. */
const NARROWEST = 1e-7;

/** What is at a place: a node, or what the node budget cut below one; -1 when nothing is. */
export interface Hit {
  node: number;
  restOf: number;
}

export class FlameCanvas {
  private readonly context: CanvasRenderingContext2D;
  private readonly letters: Letters;
  private scheduled = 0;
  private view: View | null = null;

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
    const scrolled = this.viewport.scrollTop;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
    const [nearest, farthest] = this.view.upward
      ? [this.tall() - scrolled - height, this.tall() - scrolled]
      : [scrolled, scrolled + height];
    const last = Math.min(rowCount(this.view.tree), Math.floor(farthest / ROW_HEIGHT));
    paint(this.context, this.view, width, Math.max(0, Math.floor(nearest / ROW_HEIGHT)), last, depth => this.rowTop(depth) - scrolled, this.textColour(), this.letters);
    this.map?.draw(this.view);
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
