import type { ComponentChildren } from "preact";
import { BASE } from "../api/base";
import { go } from "../state/route";

/** A link inside the application: no page load, but still a link (open in a new tab, copy). */
export function Link({ to, children, class: style }: { to: string; children: ComponentChildren; class?: string }) {
  return (
    <a
      href={BASE + to}
      class={style}
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
