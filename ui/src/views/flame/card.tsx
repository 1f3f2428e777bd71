import type { Hit } from "../../draw/flame";
import { foldedInto } from "../../lib/chains";
import { amount, percent, sampled } from "../../lib/format";
import { changeOf, isScaledShare } from "../../lib/frame";
import { kindWord } from "../../lib/words";
import { kindOf, nameOf, type Tree } from "../../lib/tree";

/** What is under the pointer, and where that is in the viewport: in CSS pixels. */
export interface Pointer {
  hit: Hit;
  x: number;
  y: number;
}

/** Of a folded chain, in the card. */
const LISTED = 12;

/** What there is to know of the frame under the pointer, beside it. */
export function Card({ tree, pointer, viewport }: { tree: Tree; pointer: Pointer; viewport: HTMLElement }) {
  const { node } = pointer.hit;
  const folded = foldedInto(tree, node);
  const steps = Array.from({ length: Math.min(folded, LISTED) }, (_, i) => node - folded + i);
  const right = pointer.x > viewport.clientWidth / 2;
  const low = pointer.y > viewport.clientHeight / 2;
  const style = {
    [right ? "right" : "left"]: (right ? viewport.parentElement!.clientWidth - pointer.x : pointer.x) + 14 + "px",
    [low ? "bottom" : "top"]: (low ? viewport.clientHeight - pointer.y : pointer.y) + 14 + "px",
  };
  const share = tree.facts.compare === "share";
  const line = (title: string, value: number, hasValue = !isScaledShare(tree), whole = tree.total) =>
    <><dt>{title}</dt><dd>{hasValue && amount(value, tree.unit)}</dd><dd>{percent(value, whole)}</dd></>;
  return (
    <div class="card" style={style} aria-hidden="true">
      <div class="mono">{nameOf(tree, node)}</div>
      <dl>
        {line(tree.ofBaseline ? "before" : "total", tree.width[node]!)}
        {line(tree.ofBaseline ? "self before" : "self", tree.self[node]!)}
        {tree.before && line(tree.ofBaseline ? "now" : "before", tree.before.total[node]!, !share || tree.ofBaseline, share ? tree.before.total[0] : tree.total)}
        {tree.facts.intervalNanos && !tree.ofBaseline && <><dt>samples</dt><dd>{sampled(tree.width[node]!, tree.facts.intervalNanos)}</dd><dd /></>}
        {tree.before && <><dt>change</dt><dd>{changeOf(tree, node)}</dd><dd /></>}
        {tree.rest[node]! > 0 && line("too small to draw", tree.rest[node]!)}
      </dl>
      {node > 0 && <span class="quiet">{kindWord(kindOf(tree, node))}</span>}
      {folded > 0 && <div class="quiet mono">merged callers {steps.map(each => <div key={each}>{nameOf(tree, each)}</div>)}{folded > steps.length && <div>and {folded - steps.length} more</div>}</div>}
    </div>
  );
}
