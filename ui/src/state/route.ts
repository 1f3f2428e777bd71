// Where the user is: always the address, so that a link shows the same picture.

import { useEffect, useState } from "preact/hooks";
import { BASE, own } from "../api/base";

export interface Route {
  path: string[];
  query: URLSearchParams;
}

const listeners = new Set<() => void>();

function current(): Route {
  return {
    path: own(location.pathname).split("/").filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(location.search),
  };
}

function tell(): void {
  listeners.forEach(listener => listener());
}

addEventListener("popstate", tell);

export function go(to: string): void {
  history.pushState(null, "", BASE + to);
  tell();
}

export type Change = Record<string, string | string[] | null>;

/** The address with parts of its query changed; null and the empty text remove one. */
export function withQuery(changes: Change, from = location.search): string {
  const query = new URLSearchParams(from);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (Array.isArray(value)) value.forEach(each => query.append(name, each));
    else if (value !== null && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return own(location.pathname) + (text ? "?" + text : "");
}

/** Changes what is shown: a step in the history. */
export const show = (changes: Change) => go(withQuery(changes));

/** The same without a step, while somebody types or draws. */
export function adjust(changes: Change): void {
  history.replaceState(null, "", BASE + withQuery(changes));
  tell();
}

export function useRoute(): Route {
  const [route, set] = useState(current);
  useEffect(() => {
    const listener = () => set(current());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return route;
}
