import type { ComponentChildren } from "preact";
import { BASE } from "../api/base";

/** A link to a place of the documentation that this server has, beside the page. */
export function Doc({ to, children }: { to: string; children: ComponentChildren }) {
  return <a class="doc" href={`${BASE}/docs/${to}`} target="_blank" rel="noopener">{children}</a>;
}
