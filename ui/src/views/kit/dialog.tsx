import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon";

/** Over everything else, until Escape, its cross or a press beside it. */
export function Dialog({ title, wide, children, onClose }: { title: string; wide?: boolean; children: ComponentChildren; onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current!.showModal(), []);
  return (
    <dialog ref={box} class={wide ? "dialog wide-dialog" : "dialog"} aria-label={title} onClose={onClose}
      onKeyDown={event => event.stopPropagation()}
      onClick={event => { if (event.target === box.current) box.current!.close(); }}>
      <div class="dialog-head"><h2>{title}</h2><button type="button" class="quiet square" aria-label="Close" onClick={() => box.current!.close()}><Icon name="close" /></button></div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

interface Question {
  title: string;
  text: string;
  action: string;
  done: (yes: boolean) => void;
}

let asker: ((question: Question) => void) | null = null;

/** Asks before something that cannot be taken back. */
export const confirmed = (title: string, text: string, action: string) =>
  new Promise<boolean>(done => (asker ? asker({ title, text, action, done }) : done(true)));

/** Where questions are shown; once on a page. */
export function Questions() {
  const [asked, set] = useState<Question | null>(null);
  useEffect(() => {
    asker = set;
    return () => { asker = null; };
  }, []);
  if (!asked) return null;
  const answer = (yes: boolean) => {
    set(null);
    asked.done(yes);
  };
  return (
    <Dialog title={asked.title} onClose={() => answer(false)}>
      <p>{asked.text}</p>
      <div class="dialog-actions">
        <button type="button" class="secondary" onClick={() => answer(false)}>Cancel</button>
        <button type="button" class="primary danger" onClick={() => answer(true)}>{asked.action}</button>
      </div>
    </Dialog>
  );
}
