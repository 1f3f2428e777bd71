// What is said of a frame, in one line and in the card beside it.

import { foldedInto } from "./chains";
import { amount, percent, sampled } from "./format";
import { kindOf, nameOf, type Tree } from "./tree";

/** All there is to know of a frame, in a line. */
export function describe(tree: Tree, node: number): string {
  const total = tree.width[node]!;
  const self = tree.self[node]!;
  const rest = tree.rest[node]!;
  const before = tree.before;
  const folded = foldedInto(tree, node);
  return (
    `${nameOf(tree, node)} — ${amount(total, tree.unit)}, ${percent(total, tree.total)}` +
    (tree.facts.intervalNanos && !tree.ofBaseline ? `, ${sampled(total, tree.facts.intervalNanos)}` : "") +
    `, self ${amount(self, tree.unit)}, ${percent(self, tree.total)}` +
    (before ? `, ${tree.ofBaseline ? "now" : "before"} ${amount(before.total[node]!, tree.unit)}, ${changeOf(tree, node)}` : "") +
    (node === 0 ? "" : `, ${kindOf(tree, node)}`) +
    (folded > 0 ? `, by way of ${folded} folded frames` : "") +
    (rest > 0 ? `, not shown ${amount(rest, tree.unit)}` : "")
  );
}

/** How a frame differs from the baseline: `new`, `gone`, or by how much, with the share of what it was. */
export function changeOf(tree: Tree, node: number): string {
  const [now, before] = tree.ofBaseline ? [tree.before!.total[node]!, tree.width[node]!] : [tree.width[node]!, tree.before!.total[node]!];
  if (now === 0) return "gone";
  if (before === 0) return "new";
  const sign = now > before ? "+" : "";
  return `${sign}${amount(now - before, tree.unit)} (${sign}${percent(now - before, before)})`;
}
