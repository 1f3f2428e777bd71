import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FlameColumns } from "../api/rest";
import { FlameCanvas, ROW } from "../draw/flame";
import { amount, percent } from "../lib/format";
import { children, counterpart, layout, path, search, type Tree } from "../lib/tree";

/** A flame graph with zoom and search; every step by mouse has one by keyboard. */
export function Flame({ columns, query, onQuery }: { columns: FlameColumns; query: string; onQuery: (query: string) => void }) {
  const tree = useMemo(() => layout(columns), [columns]);
  const [zoom, setZoom] = useState(0);
  const [focus, setFocus] = useState(-1);
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flame = useRef<FlameCanvas | null>(null);
  const matches = useMemo(() => (query ? search(tree, query) : null), [tree, query]);

  // When another instance arrives the tree is a new one: what was zoomed stays zoomed.
  const shown = useRef(tree);
  useEffect(() => {
    setZoom(old => (shown.current.measure === tree.measure ? counterpart(shown.current, old, tree) : 0));
    setFocus(-1);
    shown.current = tree;
  }, [tree]);

  useEffect(() => {
    const drawn = new FlameCanvas(canvas.current!, viewport.current!);
    flame.current = drawn;
    const resized = new ResizeObserver(() => drawn.redraw());
    resized.observe(viewport.current!);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => drawn.redraw();
    dark.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", redraw);
      drawn.dispose();
    };
  }, []);

  const zoomed = zoom < tree.parent.length ? zoom : 0;
  useEffect(() => flame.current?.show({ tree, zoom: zoomed, focus, matches }), [tree, zoomed, focus, matches]);

  function focusOn(node: number) {
    setFocus(node);
    const box = viewport.current!;
    const y = tree.depth[node]! * ROW;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW - box.clientHeight;
  }

  function key(event: KeyboardEvent) {
    const from = focus < 0 ? zoomed : focus;
    const siblings = () => (from === 0 ? [0] : children(tree, tree.parent[from]!));
    let to: number | undefined;
    switch (event.key) {
      case "ArrowDown": to = children(tree, from)[0]; break;
      case "ArrowUp": to = tree.parent[from]! >= 0 ? tree.parent[from] : undefined; break;
      case "ArrowRight": to = siblings()[siblings().indexOf(from) + 1]; break;
      case "ArrowLeft": to = siblings()[siblings().indexOf(from) - 1]; break;
      case "Enter": setZoom(from); break;
      case "Escape": setZoom(0); break;
      default: return;
    }
    event.preventDefault();
    if (to !== undefined) focusOn(to);
  }

  return (
    <>
      <div class="row">
        <input type="search" placeholder="search: text or /expression/" aria-label="search frames" value={query}
          onInput={event => onQuery(event.currentTarget.value)} />
        {query && <span data-testid="matched">{matches ? percent(matches.total, tree.total) + " matched" : "not a regular expression"}</span>}
        <Crumbs tree={tree} zoom={zoomed} onZoom={setZoom} />
      </div>
      <div class="flame">
        <div class="flame-scroll" ref={viewport} onScroll={() => flame.current?.redraw()}>
          <canvas
            ref={canvas}
            tabIndex={0}
            role="img"
            aria-label={`flame graph of ${columns.measure}; arrow keys move, Enter zooms, Escape zooms out`}
            onKeyDown={key}
            onMouseMove={event => setFocus(flame.current!.nodeUnder(event))}
            onMouseLeave={() => setFocus(-1)}
            onClick={event => {
              const node = flame.current!.nodeUnder(event);
              if (node >= 0) setZoom(node);
            }}
          />
          <Spacer rows={tree.rows.length} viewport={viewport.current} />
        </div>
        <div class="flame-status" role="status" data-testid="frame">{focus >= 0 && focus < tree.parent.length ? describe(tree, focus) : " "}</div>
      </div>
    </>
  );
}

/** Makes the viewport scroll as far as the graph is deep, while the canvas stays where it is. */
function Spacer({ rows, viewport }: { rows: number; viewport: HTMLElement | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const height = viewport?.clientHeight ?? box.current!.parentElement!.clientHeight;
    box.current!.style.height = Math.max(0, rows * ROW - height) + "px";
  }, [rows, viewport]);
  return <div ref={box} />;
}

function Crumbs({ tree, zoom, onZoom }: { tree: Tree; zoom: number; onZoom: (node: number) => void }) {
  if (zoom === 0) return null;
  const nodes = path(tree, zoom);
  const shown = nodes.length > 5 ? [nodes[0]!, ...nodes.slice(-4)] : nodes;
  return (
    <span class="crumbs">
      {shown.map((node, i) => (
        <span key={node}>
          {i > 0 && (i === 1 && nodes.length > 5 ? " … " : " › ")}
          <button type="button" title={tree.names[tree.name[node]!]} onClick={() => onZoom(node)}>{tree.names[tree.name[node]!]}</button>
        </span>
      ))}
    </span>
  );
}

function describe(tree: Tree, node: number): string {
  const total = tree.width[node]!;
  const self = tree.self[node]!;
  let below = 0;
  for (const child of children(tree, node)) below += tree.width[child]!;
  const rest = total - self - below;
  return (
    `${tree.names[tree.name[node]!]} — ${amount(total, tree.unit)}, ${percent(total, tree.total)}` +
    `, self ${amount(self, tree.unit)}, ${percent(self, tree.total)}` +
    (node === 0 ? "" : `, ${tree.kinds[tree.kind[node]!]}`) +
    (rest > 0 ? `, not shown ${amount(rest, tree.unit)}` : "")
  );
}
