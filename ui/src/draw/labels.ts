// What is written in boxes: measured, letter by letter, so that it fits.

import { foldedInto } from "../lib/chains";
import { qualifierLength } from "../lib/names";
import { kindOf, nameOf, type Tree } from "../lib/tree";
import { marked } from "./boxes";
import type { CssPixels } from "./units";

export const LABEL_FONT = "12px Inter, system-ui, sans-serif";
/** Narrower boxes have no label. */
export const LABEL_FROM: CssPixels = 26;
/** Between a label and the edges of its box. */
export const LABEL_MARGIN: CssPixels = 3;
const ELLIPSIS = "…";
/** Letters whose widths are kept in a column: Latin and Greek. All others are looked up. */
const COMMON = 0x400;

/**
 * How wide texts are. A letter is measured once and its width kept: a graph has thousands of labels and is drawn sixty times a
 * second. What fonts draw closer together than that (AV, fi) makes a text narrower, never wider.
 */
export class Letters {
  private readonly common = new Float32Array(COMMON).fill(NaN);
  private readonly others = new Map<number, CssPixels>();

  /** @param measure how wide a text is in the labels' font */
  constructor(private readonly measure: (text: string) => CssPixels) {}

  static of(context: CanvasRenderingContext2D): Letters {
    return new Letters(text => {
      context.font = LABEL_FONT;
      return context.measureText(text).width;
    });
  }

  width(text: string): CssPixels {
    let width = 0;
    for (let i = 0; i < text.length; i += units(text, i)) width += this.at(text, i);
    return width;
  }

  /** Whether a text is no wider; what is much wider is not measured to its end. */
  fits(text: string, width: CssPixels): boolean {
    for (let i = 0; i < text.length && width >= 0; i += units(text, i)) width -= this.at(text, i);
    return width >= 0;
  }

  /** A text that is no wider, with an ellipsis for what does not fit; one letter at least. */
  cut(text: string, width: CssPixels): string {
    const room = width - this.width(ELLIPSIS);
    let used = 0;
    let fitting = 0;
    for (let i = 0; i < text.length; ) {
      used += this.at(text, i);
      if (used > width) return text.slice(0, fitting || units(text, 0)) + ELLIPSIS;
      i += units(text, i);
      if (used <= room) fitting = i;
    }
    return text;
  }

  /** Of the letter that begins there. */
  private at(text: string, i: number): CssPixels {
    const unit = text.charCodeAt(i);
    const known = unit < COMMON ? this.common[unit]! : NaN;
    return known === known ? known : this.ofLetter(text.codePointAt(i)!);
  }

  private ofLetter(letter: number): CssPixels {
    const known = this.others.get(letter);
    if (known !== undefined) return known;
    const width = this.measure(String.fromCodePoint(letter));
    if (letter < COMMON) this.common[letter] = width;
    else this.others.set(letter, width);
    return width;
  }
}

/** How many UTF-16 units the letter is that begins there. */
const units = (text: string, i: number) => (text.charCodeAt(i) >= 0xd800 && text.codePointAt(i)! > 0xffff ? 2 : 1);

/** What is written in a box that has so much room for it. */
export function label(tree: Tree, node: number, room: CssPixels, letters: Letters): string {
  const folded = foldedInto(tree, node);
  const before = (marked(tree, node) ? (tree.ofBaseline ? "gone: " : "new: ") : "") + (folded > 0 ? `${folded} ▸ ` : "");
  return before + shortened(nameOf(tree, node), kindOf(tree, node), room - letters.width(before), letters);
}

/** The end of a qualified name says most: packages and libraries go first, then what is too long. */
export function shortened(name: string, kind: string, room: CssPixels, letters: Letters): string {
  if (letters.fits(name, room)) return name;
  return letters.cut(name.slice(qualifierLength(name, kind)), room);
}
