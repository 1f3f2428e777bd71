// From the address to what the server is asked: the words are the same (docs/reference/views.md).

import type { Question } from "../api/rest";

/** Filters that a person may set, with what they are called on the page. */
export const FILTERS: { word: string; label: string; hint: string }[] = [
  { word: "threads", label: "threads", hint: "http-*, main" },
  { word: "include", label: "with frame", hint: "com.shop.*" },
  { word: "exclude", label: "without frame", hint: "*.Unsafe.park" },
  { word: "root", label: "from frame down", hint: "com.shop.Checkout.pay" },
  { word: "leaf", label: "up to frame", hint: "java.util.HashMap.get" },
  { word: "hide", label: "hidden frames", hint: "java.lang.reflect.*" },
  { word: "states", label: "thread states", hint: "runnable" },
  { word: "min", label: "at least", hint: "10ms, 4096" },
];

const TIME = ["from", "to"];
const SHAPE = ["detail", "count", "raw-names", "by", "overhead"];
const SELECTORS = ["task", "file", "service", "instance", "since", "until"];
const BASE = "base-";

/** Words of a query that choose and filter profiles; `without` leaves some out. */
export function question(path: string, query: URLSearchParams, without: string[] = []): Question {
  const known = new Set([...FILTERS.map(filter => filter.word), ...TIME, ...SELECTORS, "measure", ...SHAPE]);
  const words: [string, string][] = [];
  query.forEach((value, word) => {
    const own = word.startsWith(BASE) ? word.slice(BASE.length) : word;
    if (known.has(own) && !without.includes(word)) words.push([word, value]);
  });
  return { path, words };
}

/** The same with more words; one that is there already is replaced. */
export function ask(base: Question, more: Record<string, string>): Question {
  const names = Object.keys(more);
  return { path: base.path, words: [...base.words.filter(([word]) => !names.includes(word)), ...Object.entries(more)] };
}

export const isComparison = (query: URLSearchParams) => [...query.keys()].some(word => word.startsWith(BASE));

/** A frame's name as a pattern that matches it alone. */
export const pattern = (name: string) => name.replace(/[*?,]/g, "?");
