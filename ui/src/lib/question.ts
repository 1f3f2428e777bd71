// From the address to what the server is asked: the words are the same (docs/reference/views.md).

import { FILTERS, QUERY, SELECTORS } from "./vocabulary";

/** Which profiles, and the words of views.md with their values. */
export interface Question {
  /** `/tasks/ID`, `/files/ID`, or `/profiles` when `words` select the tasks. */
  path: string;
  words: [string, string][];
}

const BASE = "base-";

/** Words of a query that choose and filter profiles; `without` leaves some out. */
export function question(path: string, query: URLSearchParams, without: string[] = []): Question {
  const known = new Set([...QUERY, ...FILTERS, ...SELECTORS]);
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
