// Whether the server answers: told by every request, shown on every page.

type Listener = (reachable: boolean) => void;

const listeners = new Set<Listener>();
let reachable = true;

export function reached(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  listeners.forEach(listener => listener(now));
}

export const isReachable = () => reachable;

export function onReach(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
