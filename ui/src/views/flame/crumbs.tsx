import { boxOf } from "../../lib/chains";
import { nameOf, path, type Tree } from "../../lib/tree";

/** The callers of what is zoomed, each a step back. */
export function Crumbs({ tree, zoom, onZoom }: { tree: Tree; zoom: number; onZoom: (node: number) => void }) {
  if (zoom === 0) return null;
  const nodes = path(tree, zoom).filter(node => boxOf(tree, node) === node);
  const shown = nodes.length > 5 ? [nodes[0]!, ...nodes.slice(-4)] : nodes;
  return (
    <span class="crumbs">
      {shown.map((node, i) => (
        <span key={node}>
          {i > 0 && (i === 1 && nodes.length > 5 ? " … " : " › ")}
          <button type="button" title={nameOf(tree, node)} onClick={() => onZoom(node)}>{nameOf(tree, node)}</button>
        </span>
      ))}
    </span>
  );
}
