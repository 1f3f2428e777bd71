// Data from the server in a component: the value, or why there is none.

import { useEffect, useState } from "preact/hooks";

export interface Loaded<T> {
  value?: T;
  problem?: string;
}

/** Loads when `key` changes and then every `periodMillis`; the last value stays while the next is on its way. */
export function useLoaded<T>(key: string | null, load: () => Promise<T>, periodMillis?: number): Loaded<T> {
  const [loaded, set] = useState<Loaded<T>>({});
  useEffect(() => {
    if (key === null) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      try {
        const value = await load();
        if (!gone) set({ value });
      } catch (e) {
        if (!gone) set(old => ({ value: old.value, problem: (e as Error).message }));
      }
      if (!gone && periodMillis) timer = setTimeout(run, periodMillis);
    };
    void run();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key]);
  return loaded;
}
