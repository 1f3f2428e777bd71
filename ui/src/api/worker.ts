// The page's side of the worker: one for loading, one for searching, which is ended when an expression takes too long.

import type { Names } from "../lib/names";
import type { Tree } from "../lib/tree";
import type { Done, Work } from "../worker";
import { Problem } from "./problem";
import { reached } from "./reach";

const SEARCH_MILLIS = 3000;

type Order = Work extends infer W ? (W extends { id: number } ? Omit<W, "id"> : never) : never;

class Helper {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, { done: (done: Done) => void; failed: (e: Error) => void }>();
  private last = 0;

  run(order: Order): Promise<Done> {
    const worker = (this.worker ??= this.start());
    const id = ++this.last;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      worker.postMessage({ ...order, id });
    });
  }

  /** Whatever it does, it does no more. */
  end(why: string): void {
    this.worker?.terminate();
    this.worker = null;
    this.waiting.forEach(each => each.failed(new Error(why)));
    this.waiting.clear();
  }

  private start(): Worker {
    const worker = new Worker("/ui/worker.js", { type: "module" });
    worker.onmessage = (event: MessageEvent<Done>) => {
      this.waiting.get(event.data.id)?.done(event.data);
      this.waiting.delete(event.data.id);
    };
    worker.onerror = () => this.end("A part of the page cannot be loaded.");
    return worker;
  }
}

const loader = new Helper();
const searcher = new Helper();

/** The flame graph that an address answers with. @throws Problem */
export async function loadTree(url: string): Promise<Tree> {
  const done = await loader.run({ load: url });
  reached(!("wrong" in done && done.wrong.status === 0));
  if ("tree" in done) return done.tree;
  const { status, detail, field } = "wrong" in done ? done.wrong : { status: 0, detail: "", field: undefined };
  throw new Problem(status, detail, field);
}

/** Which names match; null when the expression is none. @throws Error when it takes too long */
export async function findNames(names: Names, query: string): Promise<Uint8Array | null> {
  const timer = setTimeout(() => searcher.end("This expression takes too long."), SEARCH_MILLIS);
  try {
    const done = await searcher.run({ names, query });
    return "matches" in done ? done.matches : null;
  } finally {
    clearTimeout(timer);
  }
}
