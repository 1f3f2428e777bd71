// What takes long with a large tree, beside the page's own thread: fetching, decoding, laying out, searching.

import { decode } from "./lib/columns";
import { matching } from "./lib/names";
import { layout, type Tree } from "./lib/tree";
import type { Done, Work, Wrong } from "./lib/work";

async function load(url: string): Promise<{ tree: Tree } | { wrong: Wrong }> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch {
    return { wrong: { status: 0, detail: "The server cannot be reached." } };
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ detail: "HTTP status " + response.status }));
    return { wrong: { status: response.status, detail: problem.detail, field: problem.field } };
  }
  return { tree: layout(decode(await response.arrayBuffer())) };
}

async function answer(work: Work): Promise<Done> {
  const { id } = work;
  try {
    if ("load" in work) return { id, ...(await load(work.load)) };
    return { id, matches: matching(work.names, work.query) };
  } catch (e) {
    return { id, wrong: { status: 500, detail: (e as Error).message } };
  }
}

/** Handed over, not copied. */
function buffers(done: Done): ArrayBuffer[] {
  if (!("tree" in done)) return [];
  const { names, before, baseline, ...columns } = done.tree;
  const values: unknown[] = [names.ends, ...Object.values(columns), ...Object.values(before ?? {}), ...Object.values(baseline ?? {})];
  return values.filter(value => ArrayBuffer.isView(value)).map(view => view.buffer as ArrayBuffer);
}

addEventListener("message", async (event: MessageEvent<Work>) => {
  const done = await answer(event.data);
  postMessage(done, { transfer: buffers(done) });
});
