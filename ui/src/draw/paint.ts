// The boxes of a flame graph on a canvas.

import { boxes, marked, REST, ROW_HEIGHT, type View } from "./boxes";
import { label, LABEL_FONT, LABEL_FROM, LABEL_MARGIN, type Letters } from "./labels";
import type { CssPixels } from "./units";

/** Draws some rows of a graph; `rowTop` says where each begins. */
export function paint(
  g: CanvasRenderingContext2D, view: View, width: CssPixels, firstRow: number, lastRow: number, rowTop: (depth: number) => CssPixels,
  textColour: string, letters: Letters,
): void {
  const { tree, zoom, focus } = view;
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
    g.globalAlpha = box.row < tree.depth[zoom]! ? 0.55 : 1;
    g.fillStyle = box.colour;
    g.fillRect(box.x, y, box.width, ROW_HEIGHT - 1);
    if (box.kind === "many") return;
    if (box.width > 4 && marked(tree, box.node)) {
      g.fillStyle = textColour;
      g.fillRect(box.x, y, 2, ROW_HEIGHT - 1);
    }
    if (box.node === focus) {
      g.strokeStyle = textColour;
      g.lineWidth = 2;
      g.strokeRect(box.x + 1, y + 1, Math.max(1, box.width - 2), ROW_HEIGHT - 3);
    }
    if (box.width > LABEL_FROM) {
      g.fillStyle = textColour;
      const text = label(tree, box.node, box.width - 2 * LABEL_MARGIN, letters);
      g.fillText(text, box.x + LABEL_MARGIN, y + ROW_HEIGHT / 2);
    }
  });
  g.globalAlpha = 1;
}
