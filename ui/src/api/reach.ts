// Whether the server answers and can do its work: told by every request, shown on every page.

import { BASE } from "./base";

const PERIOD_MILLIS = 2000;
const LOOK_MILLIS = 10_000;

export interface Reach {
  answers: boolean;
  /** Why the server can do nothing now, in its own words; empty while it can. */
  trouble: string;
}

type Listener = (reach: Reach) => void;

const listeners = new Set<Listener>();
let reach: Reach = { answers: true, trouble: "" };
let asking = false;

function now(changed: Partial<Reach>): void {
  const next = { ...reach, ...changed };
  if (next.answers === reach.answers && next.trouble === reach.trouble) return;
  reach = next;
  listeners.forEach(listener => listener(next));
}

export function reached(answers: boolean): void {
  now({ answers });
}

/** The server refused something for the moment: asks until it is ready whether it is. */
export function refused(): void {
  if (asking) return;
  asking = true;
  void ask();
}

/** Looks now and then while the page is seen: a page that only listens sends nothing that could be refused. */
export function watch(): void {
  setInterval(() => { if (!document.hidden) refused(); }, LOOK_MILLIS);
}

async function ask(): Promise<void> {
  try {
    const answer = await fetch(BASE + "/ready");
    now({ trouble: troubleOf(await answer.json().catch(() => ({}))) });
  } catch {
    // Requests tell that nothing answers.
  }
  asking = reach.trouble !== "";
  if (asking) setTimeout(() => void ask(), PERIOD_MILLIS);
}

/** What the answer of /ready, or of something in front of the server, says. */
export function troubleOf(ready: { ready?: boolean; health?: { name: string; well: boolean; detail: string }[] }): string {
  if (ready.ready) return "";
  const unwell = (ready.health ?? []).filter(check => !check.well).map(check => `${check.name}: ${check.detail}`);
  return unwell.length > 0 ? unwell.join("; ") : "no server is ready";
}

export const reachNow = () => reach;

export function onReach(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
