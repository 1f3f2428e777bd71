// What the page's parts cost, for ./davy bench page: run inside a page of the server, never shipped.

import { findNames, loadTree } from "./api/worker";
import { graphHeight, ROW_HEIGHT, type View } from "./draw/boxes";
import { FlameCanvas } from "./draw/flame";
import { decode } from "./lib/columns";
import { layout, matchedTotal, nodeOf, placeOf, rowCount, size, type Tree } from "./lib/tree";

const ROUNDS = 9;
const WIDTH = 1600;
const HEIGHT = 720;

/** Milliseconds by what was done. */
type Times = Record<string, number>;

const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!;

/** Fractions of the whole that look random and are the same in each run. */
const places = (n: number) => Array.from({ length: n }, (_, i) => (i * 0.618033988749895 + 0.1) % 1);

class Stage {
  readonly viewport = document.createElement("div");
  readonly canvas = document.createElement("canvas");
  readonly flame: FlameCanvas;

  constructor(tree: Tree) {
    this.viewport.style.cssText = `position:fixed;inset:0 auto auto 0;width:${WIDTH}px;height:${HEIGHT}px;overflow-y:auto`;
    const spacer = document.createElement("div");
    spacer.style.height = graphHeight(tree) + "px";
    this.viewport.append(this.canvas, spacer);
    this.canvas.style.cssText = "position:sticky;top:0;display:block";
    document.body.replaceChildren(this.viewport);
    this.flame = new FlameCanvas(this.canvas, this.viewport);
  }

  /** With the pixels made, not only ordered. */
  drawn(view: View): number {
    const start = performance.now();
    this.flame.show(view);
    this.flame.draw();
    this.canvas.getContext("2d")!.getImageData(0, 0, 1, 1);
    return performance.now() - start;
  }
}

function view(tree: Tree, zoom = 0): View {
  return { tree, zoom, focus: -1, matches: null, colours: "package", upward: false, dark: false };
}

async function bench(url: string, json: string, word: string): Promise<Times> {
  const bytes = await (await fetch(url)).arrayBuffer();
  const columns = resource(url);
  const times: Times = { "bytes of columns": bytes.byteLength, "bytes of columns, compressed": columns.encodedBodySize };
  const decoding: number[] = [];
  const layingOut: number[] = [];
  const drawing: number[] = [];
  const painting: number[] = [];
  let tree!: Tree;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const decoded = decode(bytes);
    const middle = performance.now();
    tree = layout(decoded);
    const end = performance.now();
    const draw = new Stage(tree).drawn(view(tree));
    decoding.push(middle - start);
    layingOut.push(end - middle);
    drawing.push(draw);
    painting.push(end - start + draw);
  }
  times.nodes = size(tree);
  times.depth = rowCount(tree);
  times["first round: first paint"] = painting[0]!;
  times["first round: decode"] = decoding[0]!;
  times["first round: lay out"] = layingOut[0]!;
  times["first round: draw"] = drawing[0]!;
  times.names = tree.names.ends.length;
  times["first paint"] = median(painting);
  times.decode = median(decoding);
  times["lay out"] = median(layingOut);
  times["first draw"] = median(drawing);

  const asking: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const loaded = await loadTree(url);
    new Stage(loaded).drawn(view(loaded));
    asking.push(performance.now() - start);
  }
  times["request to painted, with the server"] = median(asking);

  const stage = new Stage(tree);
  stage.drawn(view(tree));
  // Frames that somebody would click: wide enough to be seen.
  const wide = tree.rows.filter(node => tree.width[node]! > tree.total / WIDTH);
  const zooms = places(40).map(at => stage.drawn(view(tree, wide[Math.floor(at * wide.length)]!)));
  times["zoom, median"] = median(zooms);
  times["zoom, slowest of 40"] = Math.max(...zooms);
  const deepest = Math.max(0, rowCount(tree) * ROW_HEIGHT - HEIGHT);
  const pans = places(40).map(at => {
    stage.viewport.scrollTop = at * deepest;
    return stage.drawn(view(tree));
  });
  times["pan, median"] = median(pans);
  times["pan, slowest of 40"] = Math.max(...pans);

  for (const query of [word, `/${word[0]}.*${word.slice(1)}$/`]) {
    const searching: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const start = performance.now();
      matchedTotal(tree, (await findNames(tree.names, query))!);
      searching.push(performance.now() - start);
    }
    times[query.startsWith("/") ? "search for an expression" : "search for a text"] = median(searching);
  }
  const start = performance.now();
  nodeOf(tree, placeOf(tree, size(tree) - 1));
  times["find the frame of an address"] = performance.now() - start;

  const text = await (await fetch(json)).text();
  const before = performance.now();
  JSON.parse(text);
  times["parse JSON instead of decoding"] = performance.now() - before;
  times["bytes of JSON"] = text.length;
  times["bytes of JSON, compressed"] = resource(json).encodedBodySize;
  return times;
}

function resource(url: string): PerformanceResourceTiming {
  const entries = performance.getEntriesByName(new URL(url, location.href).href) as PerformanceResourceTiming[];
  return entries[entries.length - 1]!;
}

Object.assign(globalThis, { davylampBench: bench });
