// The whole flame graph in a strip beside it, with a frame around what is seen of it.

import { rowCount } from "../lib/tree";
import { boxes, MATCH, seen, type View } from "./boxes";
import { fitCanvas, type CssPixels } from "./units";

const WIDTH: CssPixels = 72;
/** Of a row, at most: a graph of few rows has a small map. */
const ROW_HEIGHT: CssPixels = 3;

export class Minimap {
  private readonly picture = document.createElement("canvas");
  private drawn: View | null = null;
  private frame = "";

  constructor(private readonly canvas: HTMLCanvasElement, private readonly viewport: HTMLElement) {}

  /** Draws now; there is none where all of the graph is seen. */
  draw(view: View): void {
    const { scrollHeight, clientHeight } = this.viewport;
    this.canvas.hidden = scrollHeight < clientHeight * 1.25 || view.tree.total === 0;
    if (this.canvas.hidden) return;
    const height = Math.min(clientHeight, (rowCount(view.tree) + 1) * ROW_HEIGHT);
    const ratio = fitCanvas(this.canvas, WIDTH, height);
    if (this.isOld(view) || this.picture.height !== this.canvas.height) this.paint(view, height);
    const g = this.canvas.getContext("2d")!;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, this.canvas.width, this.canvas.height);
    g.drawImage(this.picture, 0, 0);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { tree } = view;
    const { from, to } = seen(view);
    g.strokeStyle = this.frame;
    g.strokeRect(
      (from / tree.total) * WIDTH + 0.5, (this.viewport.scrollTop / scrollHeight) * height + 0.5,
      Math.max(2, ((to - from) / tree.total) * WIDTH - 1), Math.max(3, (clientHeight / scrollHeight) * height - 1));
  }

  private isOld(view: View): boolean {
    const last = this.drawn;
    return last?.tree !== view.tree || last.matches !== view.matches || last.colours !== view.colours || last.upward !== view.upward || last.dark !== view.dark;
  }

  private paint(view: View, height: CssPixels): void {
    const ratio = fitCanvas(this.picture, WIDTH, height);
    const g = this.picture.getContext("2d")!;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, WIDTH, height);
    const rows = rowCount(view.tree) + 1;
    const tall = height / rows;
    // Where rows are lower than a pixel, one of each pixel is drawn.
    for (let y = 0; y < height; y += Math.max(1, tall)) {
      const depth = Math.floor((view.upward ? height - y - tall / 2 : y + tall / 2) / tall);
      boxes({ ...view, zoom: 0, window: null }, WIDTH, depth, depth, box => {
        g.globalAlpha = box.kind === "rest" || (view.matches && box.colour !== MATCH) ? 0.35 : 1;
        g.fillStyle = box.colour;
        g.fillRect(box.x, y, box.width, Math.max(1, tall - 0.5));
      });
    }
    this.drawn = view;
    // Once for a picture: a style costs more than all else of a scroll.
    this.frame = getComputedStyle(this.viewport).getPropertyValue("--text");
  }

  /** Scrolls to what is at a place of the map. */
  scrollTo(event: MouseEvent): void {
    const box = this.canvas.getBoundingClientRect();
    const at = (event.clientY - box.top) / box.height;
    this.viewport.scrollTop = at * this.viewport.scrollHeight - this.viewport.clientHeight / 2;
  }
}
