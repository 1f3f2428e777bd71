import { useMemo } from "preact/hooks";
import { categoryOf, CATEGORIES } from "../../lib/category";
import { categoryColour } from "../../lib/colour";
import { amount, percent } from "../../lib/format";
import { beside, changeOf, isScaledShare } from "../../lib/frame";
import { qualifierLength } from "../../lib/names";
import { children, kindOf, matchedCount, matchedTotal, nameOf, path, type Tree } from "../../lib/tree";
import { count, kindWord } from "../../lib/words";
import { useDark } from "../../state/theme";
import { Icon } from "../kit/icon";
import type { FrameAction } from "./menu";

const CALLEES = 6;
const CALLERS = 6;

/** All there is to know of the selected frame, beside the graph. */
export function Panel({ tree, node, actions, source, onNode, onClose }: {
  tree: Tree; node: number; actions: FrameAction[]; source?: (name: string, kind: string) => string | null; onNode: (node: number) => void; onClose: () => void;
}) {
  const dark = useDark();
  const name = nameOf(tree, node);
  const kind = kindOf(tree, node);
  const qualifier = qualifierLength(name, kind);
  const category = categoryOf(name, kind);
  const at = source?.(name, kind);
  const parent = tree.parent[node]!;
  const group = path(tree, node).slice(1).find(each => kindOf(tree, each) === "group" && each !== node);
  // All of the tree is looked at, which is too much for each move of the pointer.
  const { places, together, below } = useMemo(() => {
    const same = new Uint8Array(tree.names.ends.length);
    same[tree.name[node]!] = 1;
    return { places: matchedCount(tree, same), together: matchedTotal(tree, same), below: children(tree, node) };
  }, [tree, node]);
  const stack = path(tree, node).slice(0, -1).reverse();
  const shares: [string, number, number][] = [["of the whole", tree.width[node]!, tree.total]];
  if (parent > 0) shares.push(["of its caller", tree.width[node]!, tree.width[parent]!]);
  if (group !== undefined && group !== parent) shares.push([`of ${nameOf(tree, group)}`, tree.width[node]!, tree.width[group]!]);
  const value = (of: number) => (isScaledShare(tree) ? percent(of, tree.total) : amount(of, tree.unit));
  return (
    <aside class="frame-panel" aria-label="selected frame">
      <div class="panel-head">
        {category && <span class="category"><i style={{ background: categoryColour(category, dark) }} />{CATEGORIES.find(([each]) => each === category)![1]} · {kindWord(kind)}</span>}
        <button type="button" class="quiet tiny" aria-label="Close details" title="Close details (i)" onClick={onClose}><Icon name="close" /></button>
      </div>
      <p class="frame-name mono">{qualifier > 0 && <span class="quiet">{name.slice(0, qualifier)}<wbr /></span>}<b>{name.slice(qualifier)}</b></p>
      <dl class="figures">
        <div><dt>Total</dt><dd>{value(tree.width[node]!)}</dd><dd class="quiet">{percent(tree.width[node]!, tree.total)}</dd></div>
        <div><dt>Self</dt><dd>{value(tree.self[node]!)}</dd><dd class="quiet">{percent(tree.self[node]!, tree.total)}</dd></div>
        {tree.before && <div><dt>{tree.ofBaseline ? "Now" : "Before"}</dt><dd>{beside(tree, node)}</dd><dd class="quiet">{changeOf(tree, node)}</dd></div>}
      </dl>
      <ul class="shares">
        {shares.map(([text, part, whole]) => (
          <li key={text}><span class="share-bar"><i style={{ width: (whole ? (100 * part) / whole : 0) + "%" }} /></span><span>{percent(part, whole)} <span class="quiet">{text}</span></span></li>
        ))}
      </ul>
      {places > 1 && <p class="quiet">In {count(places, "place")}: {value(together)}, {percent(together, tree.total)} together.</p>}
      <div class="panel-actions">
        {actions.slice(0, 2).map(action => <button key={action.label} type="button" class="secondary" onClick={() => action.run(name)}>{action.label}</button>)}
        {at && <a class="button secondary" href={at} target="_blank" rel="noreferrer" data-testid="source">Source</a>}
      </div>
      <Frames title="Callees" nodes={below.slice(0, CALLEES)} more={below.length - CALLEES} tree={tree} whole={tree.width[node]!} onNode={onNode} />
      <Frames title="Called from" nodes={stack.slice(0, CALLERS)} more={stack.length - CALLERS} tree={tree} whole={tree.total} onNode={onNode} />
    </aside>
  );
}

function Frames({ title, nodes, more, tree, whole, onNode }: { title: string; nodes: number[]; more: number; tree: Tree; whole: number; onNode: (node: number) => void }) {
  if (nodes.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="frames">
        {nodes.map(each => {
          const name = nameOf(tree, each);
          return (
            <li key={each}>
              <button type="button" class="link mono" title={name} onClick={() => onNode(each)}>{name.slice(qualifierLength(name, kindOf(tree, each)))}</button>
              <span class="quiet">{percent(tree.width[each]!, whole)}</span>
            </li>
          );
        })}
        {more > 0 && <li class="quiet">and {more} more</li>}
      </ul>
    </>
  );
}
