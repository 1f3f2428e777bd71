import { useEffect, useState } from "preact/hooks";
import { withTimes } from "../../lib/format";

const SHOWN_MILLIS = 4000;

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

let last = 0;
let toasts: Toast[] = [];
const listeners = new Set<(all: Toast[]) => void>();

function set(all: Toast[]): void {
  toasts = all;
  listeners.forEach(listener => listener(all));
}

/** Says something for a moment, in the corner of the window. */
export function toast(text: string, bad = false): void {
  const id = ++last;
  set([...toasts.slice(-2), { id, text: withTimes(text, Date.now()), bad }]);
  setTimeout(() => set(toasts.filter(each => each.id !== id)), SHOWN_MILLIS);
}

export function Toasts() {
  const [all, show] = useState(toasts);
  useEffect(() => {
    listeners.add(show);
    return () => void listeners.delete(show);
  }, []);
  return <div class="toasts" role="status">{all.map(each => <div key={each.id} class={each.bad ? "toast bad" : "toast"}>{each.text}</div>)}</div>;
}
