import type { ComponentChildren } from "preact";

/** What a page is about, and what is done with it: one line. */
export function Head({ crumbs, title, meta, children }: { crumbs?: ComponentChildren; title: ComponentChildren; meta?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="head">
      {crumbs && <nav class="head-crumbs" aria-label="above this page">{crumbs}<span class="slash" aria-hidden="true">/</span></nav>}
      <h1 title={typeof title === "string" ? title : undefined}>{title}</h1>
      {meta && <div class="head-meta">{meta}</div>}
      <div class="head-actions">{children}</div>
    </header>
  );
}
