import type { ComponentChildren } from "preact";
import { BASE } from "../api/base";
import { go } from "../state/route";

/** A link inside the application: no page load, but still a link (open in a new tab, copy). */
export function Link({ to, children, class: style, title, label, current }: {
  to: string; children: ComponentChildren; class?: string; title?: string; label?: string; current?: boolean;
}) {
  return (
    <a
      href={BASE + to}
      class={style}
      title={title}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      onClick={event => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
          event.preventDefault();
          go(to);
        }
      }}
    >
      {children}
    </a>
  );
}
