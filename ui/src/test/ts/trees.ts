// Trees to test with, written as collapsed stacks.

import type { Columns } from "../../lib/columns";
import type { Names } from "../../lib/names";
import { layout, nameOf, size, type Tree } from "../../lib/tree";

interface Node {
  self: number;
  before: number;
  rest: number;
  children: Map<string, Node>;
}

const node = (): Node => ({ self: 0, before: 0, rest: 0, children: new Map() });

export function names(...all: string[]): Names {
  let end = 0;
  return { text: all.join(""), ends: Int32Array.from(all, name => (end += name.length)) };
}

/**
 * Columns of stacks such as `a;b 10`; in a comparison `a;b 10 8` with what it was before. A name that ends with `_[kind]` is of that
 * kind, all others are `jit`; a last frame `…` is what was cut. Siblings stand from large to small, as the server sends them.
 */
export function columns(...stacks: string[]): Columns {
  const root = node();
  const compared = stacks.some(stack => / \d+ \d+$/.test(stack));
  for (const stack of stacks) {
    const [, path, now, before] = /^(.*?) (\d+)(?: (\d+))?$/.exec(stack)!;
    let at = root;
    for (const name of path!.split(";")) {
      if (name === "…") {
        at.rest += Number(now);
        at = node();
        continue;
      }
      if (!at.children.has(name)) at.children.set(name, node());
      at = at.children.get(name)!;
    }
    at.self += Number(now);
    at.before += Number(before ?? 0);
  }
  const total = (each: Node): number => each.self + each.rest + [...each.children.values()].reduce((sum, child) => sum + total(child), 0);
  const flat: { name: string; parent: number; of: Node }[] = [];
  const visit = (name: string, parent: number, of: Node) => {
    const own = flat.push({ name, parent, of }) - 1;
    [...of.children].sort(([, a], [, b]) => total(b) - total(a)).forEach(([child, below]) => visit(child, own, below));
  };
  visit("all", -1, root);
  const kinds = ["jit", ...new Set(flat.map(each => /_\[(.*)\]$/.exec(each.name)?.[1]).filter((kind): kind is string => kind !== undefined))];
  const distinct = [...new Set(flat.map(each => each.name))];
  return {
    measure: "cpu", unit: "samples", kinds,
    names: names(...distinct.map(name => name.replace(/_\[.*\]$/, ""))),
    parent: Int32Array.from(flat, each => each.parent),
    name: Int32Array.from(flat, each => distinct.indexOf(each.name)),
    kind: Uint8Array.from(flat, each => kinds.indexOf(/_\[(.*)\]$/.exec(each.name)?.[1] ?? "jit")),
    self: Float64Array.from(flat, each => each.of.self),
    rest: Float64Array.from(flat, each => each.of.rest),
    baseline: compared ? { self: Float64Array.from(flat, each => each.of.before), rest: new Float64Array(flat.length), scale: 1 } : null,
    facts: {},
  };
}

export const tree = (...stacks: string[]): Tree => layout(columns(...stacks));

/** The first node of a name. */
export function named(tree: Tree, name: string): number {
  for (let i = 0; i < size(tree); i++) if (nameOf(tree, i) === name) return i;
  throw new Error("no node is called " + name);
}
