// "Only my code": the tree with the frames of the application alone; what others used counts for whoever of it called them.

import { categoryOf } from "./category";
import type { Columns } from "./columns";
import { nameAt } from "./names";

export function onlyOwn(columns: Columns): Columns {
  const { parent, name, kind, kinds, names, self, rest, baseline } = columns;
  const keeps = new Map<number, boolean>();
  const kept = (node: number) => {
    const key = name[node]! * kinds.length + kind[node]!;
    let known = keeps.get(key);
    if (known === undefined) {
      const category = categoryOf(nameAt(names, name[node]!), kinds[kind[node]!] ?? "unknown");
      keeps.set(key, (known = category === null || category === "application"));
    }
    return known;
  };
  // Nodes of the new tree in the order they are met; each knows its children by name.
  const from: number[] = [0];
  const below: Map<number, number>[] = [new Map()];
  const sums = [self, rest, ...(baseline ? [baseline.self, baseline.rest] : [])].map(values => [values[0]!]);
  const all = [self, rest, ...(baseline ? [baseline.self, baseline.rest] : [])];
  const into = new Int32Array(parent.length);
  for (let i = 1; i < parent.length; i++) {
    const above = into[parent[i]!]!;
    let at = above;
    if (kept(i)) {
      const key = name[i]! * kinds.length + kind[i]!;
      const known = below[above]!.get(key);
      at = known ?? from.length;
      if (known === undefined) {
        below[above]!.set(key, at);
        from.push(i);
        below.push(new Map());
        sums.forEach(values => values.push(0));
      }
    }
    into[i] = at;
    sums.forEach((values, column) => (values[at] = values[at]! + all[column]![i]!));
  }
  const totals = from.map((_, i) => sums[0]![i]! + sums[1]![i]!);
  const parents = new Int32Array(from.length).fill(-1);
  below.forEach((children, i) => children.forEach(child => (parents[child] = i)));
  // A child comes after its parent.
  for (let i = from.length - 1; i > 0; i--) totals[parents[i]!] = totals[parents[i]!]! + totals[i]!;
  const order: number[] = [];
  const place = new Int32Array(from.length);
  const open = [0];
  while (open.length > 0) {
    const node = open.pop()!;
    place[node] = order.length;
    order.push(node);
    open.push(...[...below[node]!.values()].sort((a, b) => totals[a]! - totals[b]!));
  }
  const values = (column: number) => Float64Array.from(order, node => sums[column]![node]!);
  return {
    ...columns,
    parent: Int32Array.from(order, node => (node === 0 ? -1 : place[parents[node]!]!)),
    name: Int32Array.from(order, node => name[from[node]!]!),
    kind: Uint8Array.from(order, node => kind[from[node]!]!),
    self: values(0),
    rest: values(1),
    baseline: baseline && { ...baseline, self: values(2), rest: values(3) },
  };
}
