// Colours of frames, by what a person wants to see.

import { qualifierLength } from "./names";

export type ColourBy = "package" | "kind" | "change" | "own-change";
/** With what each is called. */
export const COLOURS: [ColourBy, string][] = [["package", "package"], ["kind", "kind"], ["change", "change, share of the profile"], ["own-change", "change, share of the frame"]];

/** Those that say how a frame differs from the baseline. */
export const isChange = (by: ColourBy) => by === "change" || by === "own-change";

function hash(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return Math.abs(h);
}

function packageOf(name: string, kind: string): string {
  const qualifier = qualifierLength(name, kind);
  return qualifier === 0 ? name : name.slice(0, qualifier - 1);
}

/** Code of one package has one colour; native, kernel and class frames have their own. */
function ofPackage(name: string, kind: string): string {
  const h = hash(kind + packageOf(name, kind));
  const light = 68 + (h % 9);
  switch (kind) {
    case "native":
    case "cpp":
      return `hsl(${8 + (h % 14)} 62% ${light}%)`;
    case "kernel":
      return `hsl(${28 + (h % 8)} 75% ${light}%)`;
    case "class":
      return `hsl(${195 + (h % 16)} 48% ${light}%)`;
    default:
      return `hsl(${52 + (h % 100)} 50% ${light}%)`;
  }
}

/** How the code ran: the same for all of one kind. */
export const KIND_COLOURS: Record<string, string> = {
  interpreted: "hsl(210 14% 72%)",
  jit: "hsl(96 46% 70%)",
  inlined: "hsl(178 42% 68%)",
  c1: "hsl(66 52% 70%)",
  native: "hsl(14 66% 72%)",
  cpp: "hsl(46 74% 68%)",
  kernel: "hsl(30 82% 66%)",
  class: "hsl(202 50% 74%)",
};

export const frameColour = (name: string, kind: string, by: ColourBy) =>
  by === "kind" ? KIND_COLOURS[kind] ?? "hsl(270 22% 74%)" : ofPackage(name, kind);

/** What the colours of a comparison say, from much less to much more. */
export const CHANGE_LEGEND: Record<"change" | "own-change", [string, string][]> = {
  change: [["−25 %", -0.25], ["−2 %", -0.02], ["no change", 0], ["+2 %", 0.02], ["+25 % of the whole", 0.25]]
    .map(([text, change]) => [text as string, shade(change as number)]),
  "own-change": [["gone", -1], ["half", -0.5], ["no change", 0], ["twice", 0.5], ["new", 1]]
    .map(([text, change]) => [text as string, ownShade(change as number)]),
};

/**
 * More is red, less is blue, white is no change.
 * @param whole what the change is a share of; null for the frame itself, whichever side is larger
 */
export function changeColour(now: number, before: number, whole: number | null): string {
  if (whole === null) return ownShade(now === before ? 0 : (now - before) / Math.max(now, before));
  return shade(whole === 0 ? 0 : (now - before) / whole);
}

/** A quarter of the whole is the strongest; small changes are told apart better than large ones. */
function shade(change: number): string {
  return ownShade(Math.sign(change) * Math.sqrt(Math.abs(change) * 4));
}

function ownShade(change: number): string {
  const strength = Math.min(1, Math.abs(change));
  return `hsl(${change >= 0 ? 8 : 216} ${20 + 62 * strength}% ${92 - 34 * strength}%)`;
}
