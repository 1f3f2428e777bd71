// What the page and its worker say to each other.

import type { Names } from "./names";
import type { Tree } from "./tree";

export type Work = { id: number } & ({ load: string } | { names: Names; query: string });

/** What is wrong, as the server's problem documents say it. */
export interface Wrong {
  status: number;
  detail: string;
  field?: string;
}

export type Done = { id: number } & ({ tree: Tree } | { matches: Uint8Array | null } | { wrong: Wrong });
