import type { ComponentChildren } from "preact";
import { useTitle } from "../state/title";
import { Lamp } from "./kit/icon";
import { Link } from "./link";

/** What is not here, and where to go from it. */
export function Missing({ title, children }: { title: string; children?: ComponentChildren }) {
  useTitle(title);
  return (
    <div class="missing">
      <Lamp size={56} />
      <h1>{title}</h1>
      <p class="quiet">{children}</p>
      <p class="row"><Link to="/" class="button primary">All services</Link><Link to="/open" class="button secondary">Open a file</Link></p>
    </div>
  );
}
