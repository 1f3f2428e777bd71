// The page's side of the worker: one for loading, one for searching, which is ended when an expression takes too long.

import type { Names } from "../lib/names";
import type { Tree } from "../lib/tree";
import type { Done, Work } from "../lib/work";
import { BASE } from "./base";
import { Problem } from "./problem";
import { reached, refused } from "./reach";
import { signInNeeded } from "./session";

const SEARCH_MILLIS = 3000;

type Order = Work extends infer W ? (W extends { id: number } ? Omit<W, "id"> : never) : never;

interface Waiting {
  order: Order;
  done: (done: Done) => void;
  failed: (e: Error) => void;
}

/** Works on one order after the other. */
class Helper {
  private worker: Worker | null = null;
  private readonly queue: Waiting[] = [];
  private current: Waiting | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;

  /** @param limitMillis of each order; what takes longer fails, and no other with it */
  constructor(private readonly limitMillis: number | null) {}

  run(order: Order): Promise<Done> {
    return new Promise((done, failed) => {
      this.queue.push({ order, done, failed });
      this.next();
    });
  }

  private next(): void {
    if (this.current || this.queue.length === 0) return;
    this.current = this.queue.shift()!;
    const worker = (this.worker ??= this.start());
    worker.postMessage({ ...this.current.order, id: ++this.last });
    if (this.limitMillis !== null) this.timer = setTimeout(() => this.end("This expression takes too long."), this.limitMillis);
  }

  private finish(): Waiting | null {
    clearTimeout(this.timer);
    const finished = this.current;
    this.current = null;
    return finished;
  }

  private end(why: string): void {
    this.worker?.terminate();
    this.worker = null;
    this.finish()?.failed(new Error(why));
    this.next();
  }

  private start(): Worker {
    const worker = new Worker(BASE + "/ui/worker.js", { type: "module" });
    worker.onmessage = (event: MessageEvent<Done>) => {
      this.finish()?.done(event.data);
      this.next();
    };
    worker.onerror = () => this.end("A part of the page cannot be loaded.");
    return worker;
  }
}

const searcher = new Helper(SEARCH_MILLIS);
/** Loaders that wait for work: two flame graphs of one page do not wait for each other. */
const idle: Helper[] = [];

/** The flame graph that an address answers with. @throws Problem */
export async function loadTree(url: string): Promise<Tree> {
  const loader = idle.pop() ?? new Helper(null);
  const done = await loader.run({ load: url }).finally(() => idle.push(loader));
  reached(!("wrong" in done && done.wrong.status === 0));
  if ("wrong" in done && done.wrong.status === 503) refused();
  if ("tree" in done) return done.tree;
  if ("wrong" in done && done.wrong.status === 401) {
    await signInNeeded();
    return loadTree(url);
  }
  const { status, detail, field } = "wrong" in done ? done.wrong : { status: 0, detail: "", field: undefined };
  throw new Problem(status, detail, field);
}

/** Which names match; null when the expression is none. @throws Error when it takes too long */
export async function findNames(names: Names, query: string): Promise<Uint8Array | null> {
  const done = await searcher.run({ names, query });
  return "matches" in done ? done.matches : null;
}
