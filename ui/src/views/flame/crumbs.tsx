import { boxOf } from "../../lib/chains";
import { qualifierLength } from "../../lib/names";
import { kindOf, nameOf, path, type Tree } from "../../lib/tree";

/** The callers of what is zoomed, each a step back. */
export function Crumbs({ tree, zoom, onZoom }: { tree: Tree; zoom: number; onZoom: (node: number) => void }) {
  const nodes = path(tree, zoom).filter(node => boxOf(tree, node) === node);
  const shown = nodes.length > 5 ? [nodes[0]!, ...nodes.slice(-4)] : nodes;
  return (
    <span class="crumbs">
      {zoom > 0 && shown.map((node, i) => (
        <span key={node}>
          {i > 0 && (i === 1 && nodes.length > 5 ? " … " : " › ")}
          <button type="button" class="link" title={nameOf(tree, node)} onClick={() => onZoom(node)}>{nameOf(tree, node).slice(qualifierLength(nameOf(tree, node), kindOf(tree, node)))}</button>
        </span>
      ))}
    </span>
  );
}
