import type { ComponentChildren } from "preact";

/** What is shown while newer is on its way: after a moment the old is dimmed below a bar, so that nobody takes it for the new. */
export function Waiting({ busy, fill, children }: { busy: boolean; fill?: boolean; children: ComponentChildren }) {
  return <div class={fill ? "waiting fill" : "waiting"} aria-busy={busy}>{children}</div>;
}

/** As tall as what will be here. */
export const Skeleton = ({ height, fill }: { height?: number; fill?: boolean }) =>
  <div class={fill ? "skeleton fill" : "skeleton"} style={height ? { height: height + "px" } : undefined} role="status" aria-label="Loading…" />;
