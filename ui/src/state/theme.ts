// Light or dark: as the system is set, or as somebody chose here, which their browser remembers. Paper is light.

import { useEffect, useState } from "preact/hooks";

export type Theme = "system" | "light" | "dark";
export const THEMES: Theme[] = ["system", "light", "dark"];

const KEY = "davylamp-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let theme = kept();

function kept(): Theme {
  try {
    const text = localStorage.getItem(KEY) as Theme;
    return THEMES.includes(text) ? text : "system";
  } catch {
    return "system"; // a browser that keeps nothing
  }
}

function apply(dark = theme === "dark" || (theme === "system" && system.matches)): void {
  document.documentElement.classList.toggle("dark", dark);
  listeners.forEach(listener => listener());
}

/** Once, before anything is drawn. */
export function startTheme(): void {
  system.addEventListener("change", () => apply());
  addEventListener("beforeprint", () => apply(false));
  addEventListener("afterprint", () => apply());
  apply();
}

/** Whether the dark palette is shown now. */
export function useDark(): boolean {
  const read = () => document.documentElement.classList.contains("dark");
  const [dark, set] = useState(read);
  useEffect(() => {
    set(read());
    return onRecoloured(() => set(read()));
  }, []);
  return dark;
}

/** Calls back when colours are others: what is drawn on a canvas does not know it by itself. Returns how to stop. */
export function onRecoloured(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [shown, set] = useState(theme);
  return [shown, next => {
    theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // then it holds until the page is left
    }
    set(next);
    apply();
  }];
}
