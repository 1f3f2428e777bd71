// Small choices that a browser remembers, as far as it remembers anything.

import { useState } from "preact/hooks";

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** On or off, under a name of its own. */
export function useRemembered(name: string, otherwise: boolean): [boolean, (on: boolean) => void] {
  const key = "davylamp-" + name;
  const [on, set] = useState(() => (kept(key) ?? String(otherwise)) === "true");
  return [on, next => {
    set(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // then it holds until the page is left
    }
  }];
}
