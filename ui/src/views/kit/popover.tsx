import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

/** Between a popover and the window's edge. */
const EDGE = 8;

/** Keeps an element that is placed absolutely within the window, whatever opened it. */
export function keepInside(box: HTMLElement): void {
  box.style.transform = "";
  const { left, right, top, bottom } = box.getBoundingClientRect();
  const x = Math.max(EDGE - left, Math.min(0, innerWidth - EDGE - right));
  const y = Math.max(EDGE - top, Math.min(0, innerHeight - EDGE - bottom));
  if (x || y) box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/** A button, and what it opens below itself: closed by Escape, by a press elsewhere, and by what is chosen in it. */
export function Popover({ label, icon, text, end, style = "quiet", pressed, name, children }: {
  /** What the button is called where `text` does not say it. */
  label?: string;
  icon?: IconName;
  text?: ComponentChildren;
  /** Opens to the left of the button's right edge. */
  end?: boolean;
  style?: "primary" | "secondary" | "quiet";
  /** Whether what it holds differs from how a page starts. */
  pressed?: boolean;
  /** A style of its own for what is opened. */
  name?: string;
  children: (close: () => void) => ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLSpanElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => { if (!whole.current!.contains(event.target as Node)) setOpen(false); };
    addEventListener("pointerdown", elsewhere);
    addEventListener("focusin", elsewhere);
    return () => {
      removeEventListener("pointerdown", elsewhere);
      removeEventListener("focusin", elsewhere);
    };
  }, [open]);
  useLayoutEffect(() => {
    if (open) keepInside(panel.current!);
  });
  useEffect(() => {
    if (open) panel.current!.querySelector<HTMLElement>("input:not([type=hidden]), button, select, a")?.focus({ preventScroll: true });
  }, [open]);
  return (
    <span class="pop" ref={whole} onKeyDown={event => {
      if (event.key === "Escape" && open) {
        event.stopPropagation();
        close();
      }
    }}>
      <button ref={button} type="button" class={`${style} ${text ? "" : "square"} ${pressed ? "on" : ""}`} aria-haspopup="true" aria-expanded={open}
        aria-label={text ? undefined : label} title={label} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}{text}
      </button>
      {open && <div ref={panel} class={`panel ${end ? "end-side" : ""} ${name ?? ""}`} role="group" aria-label={label}>{children(close)}</div>}
    </span>
  );
}

/** A line of a popover that does something and closes it. */
export function Item({ text, icon, note, value, danger, chosen, onClick }: {
  text: ComponentChildren; icon?: IconName; note?: ComponentChildren; value?: string; danger?: boolean; chosen?: boolean; onClick: () => void;
}) {
  return (
    <button type="button" class={`item ${danger ? "danger" : ""}`} value={value} aria-pressed={chosen} onClick={onClick}>
      {icon && <Icon name={icon} />}<span class="item-text">{text}</span>{note && <span class="item-note">{note}</span>}
    </button>
  );
}
