// Where the user is: always the address, so that a link shows the same picture.

import { useEffect, useState } from "preact/hooks";

export interface Route {
  path: string[];
  query: URLSearchParams;
}

const listeners = new Set<() => void>();

function current(): Route {
  return {
    path: location.pathname.split("/").filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(location.search),
  };
}

function tell(): void {
  listeners.forEach(listener => listener());
}

addEventListener("popstate", tell);

export function go(to: string): void {
  history.pushState(null, "", to);
  tell();
}

/** Changes one part of the query without a step in the history; null removes it. */
export function setQuery(name: string, value: string | null): void {
  const query = new URLSearchParams(location.search);
  if (value === null || value === "") query.delete(name);
  else query.set(name, value);
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text ? "?" + text : ""));
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
