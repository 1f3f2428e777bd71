// The boxes of a flame graph on a canvas.

import { boxes, marked, MATCH, REST, ROW_HEIGHT, type View } from "./boxes";
import { label, LABEL_FONT, LABEL_FROM, LABEL_MARGIN, type Letters } from "./labels";
import type { CssPixels } from "./units";

/** How much is left of the colour of what is not searched for, of its text, and of the callers of what is zoomed. */
const DIMMED = 0.28;
const DIMMED_TEXT = 0.7;
const CALLERS = 0.55;
/** Text on what is searched for, in both themes. */
const ON_MATCH = "#1f1502";

/** Draws some rows of a graph; `rowTop` says where each begins. */
export function paint(
  g: CanvasRenderingContext2D, view: View, width: CssPixels, firstRow: number, lastRow: number, rowTop: (depth: number) => CssPixels,
  textColour: string, letters: Letters,
): void {
  const { tree, zoom, focus, matches } = view;
  g.font = LABEL_FONT;
  g.textBaseline = "middle";
  boxes(view, width, firstRow, lastRow, box => {
    const y = rowTop(box.row);
    if (box.kind === "rest") {
      g.globalAlpha = 0.35;
      g.fillStyle = box.colour;
      g.fillRect(box.x, y, box.width, ROW_HEIGHT - 1);
      g.globalAlpha = 1;
      if (box.width > 14) {
        g.fillStyle = REST;
        g.fillText("…", box.x + LABEL_MARGIN, y + ROW_HEIGHT / 2);
      }
      return;
    }
    const lit = box.colour === MATCH;
    g.globalAlpha = matches && !lit ? DIMMED : !view.window && box.row < tree.depth[zoom]! ? CALLERS : 1;
    g.fillStyle = box.colour;
    g.fillRect(box.x, y, box.width, ROW_HEIGHT - 1);
    if (box.kind === "many") return;
    if (box.width > 4 && marked(tree, box.node)) {
      g.fillStyle = textColour;
      g.fillRect(box.x, y, 2, ROW_HEIGHT - 1);
    }
    if (box.node === focus) {
      g.globalAlpha = 1;
      g.strokeStyle = textColour;
      g.lineWidth = 2;
      g.strokeRect(box.x + 1, y + 1, Math.max(1, box.width - 2), ROW_HEIGHT - 3);
    }
    if (box.width > LABEL_FROM) {
      g.globalAlpha = matches && !lit ? DIMMED_TEXT : g.globalAlpha;
      g.fillStyle = lit ? ON_MATCH : textColour;
      const text = label(tree, box.node, box.width - 2 * LABEL_MARGIN, letters);
      g.fillText(text, box.x + LABEL_MARGIN, y + ROW_HEIGHT / 2);
    }
  });
  g.globalAlpha = 1;
}
