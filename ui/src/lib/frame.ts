// What is said of a frame, in one line and in the card beside it.

import { foldedInto } from "./chains";
import { amount, percent, sampled } from "./format";
import { kindOf, nameOf, type Tree } from "./tree";
import { count, kindWord } from "./words";

/** All there is to know of a frame, in a line. */
export function describe(tree: Tree, node: number): string {
  const total = tree.width[node]!;
  const self = tree.self[node]!;
  const rest = tree.rest[node]!;
  const before = tree.before;
  const folded = foldedInto(tree, node);
  const value = (of: number) => (isScaledShare(tree) ? percent(of, tree.total) : `${amount(of, tree.unit)}, ${percent(of, tree.total)}`);
  return (
    `${nameOf(tree, node)} — ${value(total)}` +
    (tree.facts.intervalNanos && !tree.ofBaseline ? `, ${sampled(total, tree.facts.intervalNanos)}` : "") +
    `, self ${value(self)}` +
    (before ? `, ${tree.ofBaseline ? "now" : "before"} ${beside(tree, node)}, ${changeOf(tree, node)}` : "") +
    (node === 0 ? "" : `, ${kindWord(kindOf(tree, node))}`) +
    (folded > 0 ? `, ${count(folded, "merged caller")}` : "") +
    (rest > 0 ? `, ${amount(rest, tree.unit)} too small to draw` : "")
  );
}

/** Whether the widths are the baseline's shares: its values, which are scaled then, are nobody's. */
export const isScaledShare = (tree: Tree) => tree.ofBaseline && tree.facts.compare === "share";

/** The other side's value of a frame, in a comparison; a share of its own whole where shares are compared. */
export const beside = (tree: Tree, node: number) =>
  tree.facts.compare === "share" ? percent(tree.before!.total[node]!, tree.before!.total[0]!) : amount(tree.before!.total[node]!, tree.unit);

/** How a frame differs from the baseline: `new`, `gone`, or by how much, with the share of what it was. */
export function changeOf(tree: Tree, node: number): string {
  const [shown, other] = [tree.width, tree.before!.total];
  const [now, before] = tree.ofBaseline ? [other, shown] : [shown, other];
  if (now[node] === 0) return "gone";
  if (before[node] === 0) return "new";
  return difference({ now: now[node]!, before: before[node]!, unit: tree.unit, wholes: tree.facts.compare === "share" ? [now[0]!, before[0]!] : null });
}

/**
 * By how much a value is more or less: `+2 samples (+50.0 %)`, or in percentage points where shares are compared.
 * @param wholes what both are shares of, when they are compared as shares; null when they are compared as values
 */
export function difference({ now, before, unit, wholes }: { now: number; before: number; unit: string; wholes: [number, number] | null }): string {
  return `${more({ now, before, unit, wholes })} (${now > before ? "+" : ""}${percent(now - before, before)})`;
}

/** The same without the share of what it was. */
export function more({ now, before, unit, wholes }: { now: number; before: number; unit: string; wholes: [number, number] | null }): string {
  if (wholes === null) return (now > before ? "+" : "") + amount(now - before, unit);
  const share = (value: number, whole: number) => (whole === 0 ? 0 : (100 * value) / whole);
  const points = share(now, wholes[0]) - share(before, wholes[1]);
  return `${points > 0 ? "+" : ""}${points.toFixed(1)} points`;
}
