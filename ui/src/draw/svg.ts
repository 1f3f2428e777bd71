// A flame graph as a picture that other programs open: SVG, with the whole name of each box as its tooltip.

import { nameOf, rowCount } from "../lib/tree";
import { boxes, graphHeight, ROW_HEIGHT, type View } from "./boxes";
import { label, LABEL_FROM, LABEL_MARGIN, type Letters } from "./labels";
import type { CssPixels } from "./units";

/** On paper and in other programs the ground is white. */
export function svg(shown: View, width: CssPixels, letters: Letters): string {
  const view = { ...shown, dark: false };
  const height = graphHeight(view.tree);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
  ];
  boxes(view, width, 0, rowCount(view.tree), box => {
    const name = box.kind === "rest" ? "too small to draw" : box.kind === "many" ? "many small frames" : nameOf(view.tree, box.node);
    const y = (view.upward ? rowCount(view.tree) - box.row : box.row) * ROW_HEIGHT;
    parts.push(
      `<g><title>${escaped(name)}</title><rect x="${box.x.toFixed(1)}" y="${y}" width="${box.width.toFixed(1)}"`,
      ` height="${ROW_HEIGHT - 1}" fill="${box.colour}"/>`,
    );
    if (box.width > LABEL_FROM && box.kind === "frame") {
      parts.push(`<text x="${(box.x + LABEL_MARGIN).toFixed(1)}" y="${y + 13}">${escaped(label(view.tree, box.node, box.width - 2 * LABEL_MARGIN, letters))}</text>`);
    }
    parts.push("</g>");
  });
  parts.push("</svg>");
  return parts.join("");
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
