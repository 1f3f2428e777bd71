// Colours of frames, by what a person wants to see; light and dark are drawn separately.

import { CATEGORIES, categoryOf, type Category } from "./category";
import { qualifierLength } from "./names";

export type ColourBy = "package" | "kind" | "change" | "own-change";
/** With what each is called. */
export const COLOURS: [ColourBy, string][] = [["package", "Category"], ["kind", "Compilation"], ["change", "Change, share of the profile"], ["own-change", "Change, share of the frame"]];

/** Those that say how a frame differs from the baseline. */
export const isChange = (by: ColourBy) => by === "change" || by === "own-change";

/** Hue in degrees, saturation and lightness in percent. */
type Hsl = [number, number, number];

function hash(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return Math.abs(h);
}

function packageOf(name: string, kind: string): string {
  const qualifier = qualifierLength(name, kind);
  return qualifier === 0 ? name : name.slice(0, qualifier - 1);
}

/** As a canvas reads it fastest. */
export function hex([hue, saturation, lightness]: Hsl): string {
  const light = lightness / 100;
  const reach = (saturation / 100) * Math.min(light, 1 - light);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, "0");
  };
  return "#" + channel(0) + channel(8) + channel(4);
}

const BASE: Record<"light" | "dark", Record<Category, Hsl>> = {
  light: {
    application: [212, 84, 76], framework: [262, 56, 84], jdk: [218, 13, 87], jvm: [34, 13, 81], kernel: [350, 64, 83], profiler: [152, 30, 78],
  },
  dark: {
    application: [214, 56, 40], framework: [262, 24, 43], jdk: [218, 9, 37], jvm: [30, 5, 33], kernel: [348, 36, 45], profiler: [155, 26, 36],
  },
};
const GROUP: Record<"light" | "dark", Hsl> = { light: [218, 16, 93], dark: [218, 11, 25] };
/** How far packages of one category are apart, in hue and in lightness. */
const TINT: Record<Category, [number, number]> = {
  application: [16, 7], framework: [18, 6], jdk: [6, 6], jvm: [6, 5], kernel: [8, 4], profiler: [4, 3],
};

const theme = (dark: boolean) => (dark ? "dark" : "light");

/** Whose code it is; its package is a tint within. */
function ofCategory(name: string, kind: string, dark: boolean): string {
  const category = categoryOf(name, kind);
  if (!category) return hex(GROUP[theme(dark)]);
  const [hue, saturation, light] = BASE[theme(dark)][category];
  const [hues, lights] = TINT[category];
  const h = hash(packageOf(name, kind));
  // On a dark ground the room between the text and the ground is narrower.
  const apart = ((h >> 8) % (lights + 1)) - lights / 2;
  return hex([(hue + (h % (hues + 1)) - hues / 2 + 360) % 360, saturation, light + (dark ? apart * 0.6 : apart)]);
}

export const categoryColour = (category: Category, dark: boolean) => hex(BASE[theme(dark)][category]);

/** How the code ran: the same for all of one kind. */
const KINDS: Record<string, [Hsl, Hsl]> = {
  interpreted: [[210, 20, 80], [210, 12, 38]],
  jit: [[140, 44, 76], [145, 34, 36]],
  inlined: [[178, 48, 76], [180, 40, 34]],
  c1: [[66, 58, 74], [66, 40, 32]],
  native: [[16, 74, 80], [14, 44, 44]],
  cpp: [[44, 84, 78], [40, 46, 35]],
  kernel: [[350, 64, 83], [348, 40, 45]],
  class: [[202, 60, 80], [204, 42, 42]],
};
export const KIND_NAMES = Object.keys(KINDS);

export const kindColour = (kind: string, dark: boolean) => hex(KINDS[kind]?.[dark ? 1 : 0] ?? (dark ? [270, 16, 42] : [270, 26, 82]));

export const frameColour = (name: string, kind: string, by: ColourBy, dark: boolean) => (by === "kind" && kind !== "group" ? kindColour(kind, dark) : ofCategory(name, kind, dark));

/** What colours say, with an example of each. */
export function legend(by: ColourBy, dark: boolean): [string, string][] {
  switch (by) {
    case "package":
      return CATEGORIES.map(([category, text]) => [text, categoryColour(category, dark)]);
    case "kind":
      return KIND_NAMES.map(kind => [kind, kindColour(kind, dark)]);
    case "change":
      return [["−25 %", -0.25], ["−2 %", -0.02], ["Unchanged", 0], ["+2 %", 0.02], ["+25 % of the whole", 0.25]]
        .map(([text, change]) => [text as string, shade(change as number, dark)]);
    default:
      return [["Gone", -1], ["Half", -0.5], ["Unchanged", 0], ["Twice", 0.5], ["New", 1]]
        .map(([text, change]) => [text as string, ownShade(change as number, dark)]);
  }
}

/**
 * More is red, less is blue, the ground's grey is no change.
 * @param whole what the change is a share of; null for the frame itself, whichever side is larger
 */
export function changeColour(now: number, before: number, whole: number | null, dark: boolean): string {
  if (whole === null) return ownShade(now === before ? 0 : (now - before) / Math.max(now, before), dark);
  return shade(whole === 0 ? 0 : (now - before) / whole, dark);
}

/** A quarter of the whole is the strongest; small changes are told apart better than large ones. */
function shade(change: number, dark: boolean): string {
  return ownShade(Math.sign(change) * Math.sqrt(Math.abs(change) * 4), dark);
}

function ownShade(change: number, dark: boolean): string {
  // A byte of strengths: thousands of frames share a few hundred texts.
  const strength = Math.round(Math.min(1, Math.abs(change)) * 255) / 255;
  if (strength === 0) return hex(dark ? [218, 8, 27] : [218, 12, 90]);
  const hue = change > 0 ? 6 : 214;
  return hex(dark ? [hue, 12 + 52 * strength, 29 + 18 * strength] : [hue, 34 + 46 * strength, 89 - 23 * strength]);
}
