// Data from the server in a component: the value, or why there is none.

import { useEffect, useState } from "preact/hooks";
import { isPassing, Problem } from "../api/problem";
import { onReach, reachNow, type Reach } from "../api/reach";

const RETRY_MILLIS = 1000;

export interface Loaded<T> {
  value?: T;
  problem?: string;
  /** Why, as the server names it: 404 for what is not there. */
  status?: number;
  /** Whether the answer to what is asked now is still on its way: `value` is of another question then, or missing. */
  busy?: boolean;
}

/** Asks until there is an answer that will not change by waiting; returns how to stop. */
export function watch<T>(load: () => Promise<T>, told: (loaded: Loaded<T>) => void, periodMillis?: number): () => void {
  let gone = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    let again = periodMillis;
    try {
      const value = await load();
      if (!gone) told({ value });
    } catch (e) {
      if (isPassing(e)) again ??= RETRY_MILLIS;
      if (!gone) told({ problem: (e as Error).message, status: e instanceof Problem ? e.status : undefined });
    }
    if (!gone && again) timer = setTimeout(run, again);
  };
  void run();
  return () => {
    gone = true;
    clearTimeout(timer);
  };
}

/** Loads when `key` changes and then every `periodMillis`; the last value stays while the next is on its way. */
export function useLoaded<T>(key: string | null, load: () => Promise<T>, periodMillis?: number): Loaded<T> {
  const [loaded, set] = useState<Loaded<T> & { of: string | null }>({ of: null });
  useEffect(() => {
    if (key === null) return;
    return watch(load, next => set(old => ("value" in next ? { ...next, of: key } : { ...next, value: old.value, of: key })), periodMillis);
  }, [key]);
  return { ...loaded, busy: key !== null && loaded.of !== key };
}

/** Whether the server answers and can do its work. */
export function useReach(): Reach {
  const [reach, set] = useState(reachNow);
  useEffect(() => onReach(set), []);
  return reach;
}
