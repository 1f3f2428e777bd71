import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FlameColumns } from "../api/rest";
import { FlameCanvas, ROW, type Hit } from "../draw/flame";
import type { ColourBy } from "../lib/colour";
import { amount, percent } from "../lib/format";
import { children, counterpart, graft, layout, names, path, remainder, search, type Tree } from "../lib/tree";

/** What may be done with a frame besides zooming. */
export interface FrameAction {
  label: string;
  run: (name: string) => void;
}

/** A flame graph with zoom and search; every step by mouse has one by keyboard. */
export function Flame({ columns: answer, query, onQuery, colours, actions, below, label }: {
  columns: FlameColumns;
  query: string;
  onQuery: (query: string) => void;
  colours: ColourBy;
  actions: FrameAction[];
  /** Asks for what the node budget cut below a path. */
  below: (path: string[]) => Promise<FlameColumns>;
  label: string;
}) {
  const [columns, setColumns] = useState(answer);
  useEffect(() => setColumns(answer), [answer]);
  const tree = useMemo(() => layout(columns), [columns]);
  const [zoom, setZoom] = useState(0);
  const [focus, setFocus] = useState(-1);
  const [rest, setRest] = useState(-1);
  const [menu, setMenu] = useState<{ node: number; x: number; y: number } | null>(null);
  const [problem, setProblem] = useState("");
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flame = useRef<FlameCanvas | null>(null);
  const matches = useMemo(() => (query ? search(tree, query) : null), [tree, query]);

  // When another instance arrives the tree is a new one: what was zoomed stays zoomed.
  const shown = useRef(tree);
  useEffect(() => {
    setZoom(old => (shown.current.measure === tree.measure ? counterpart(shown.current, old, tree) : 0));
    setFocus(old => (old > 0 && shown.current.measure === tree.measure ? counterpart(shown.current, old, tree) : -1));
    setMenu(null);
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
  useEffect(() => flame.current?.show({ tree, zoom: zoomed, focus, matches, colours }), [tree, zoomed, focus, matches, colours]);

  function focusOn(node: number) {
    setFocus(node);
    const box = viewport.current!;
    const y = tree.depth[node]! * ROW;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW - box.clientHeight;
  }

  function expand(node: number) {
    setProblem("");
    below(names(tree, node)).then(
      more => setColumns(graft(columns, node, more)),
      e => setProblem((e as Error).message),
    );
  }

  function click(hit: Hit) {
    setMenu(null);
    if (hit.remainderOf >= 0) expand(hit.remainderOf);
    else if (hit.node >= 0) setZoom(hit.node);
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
      case "Escape": if (menu) setMenu(null); else setZoom(0); break;
      case "+": if (remainder(tree, from) > 0) expand(from); break;
      case "ContextMenu": case "m": setMenu({ node: from, x: 40, y: tree.depth[from]! * ROW - viewport.current!.scrollTop + ROW }); break;
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
        <span class="end row">
          <button type="button" onClick={() => flame.current!.png().then(blob => blob && save(blob, "flame.png"))}>PNG</button>
          <button type="button" onClick={() => save(new Blob([flame.current!.svg()], { type: "image/svg+xml" }), "flame.svg")}>SVG</button>
        </span>
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="flame">
        <div class="flame-scroll" ref={viewport} onScroll={() => flame.current?.redraw()}>
          <canvas
            ref={canvas}
            tabIndex={0}
            role="img"
            aria-label={`${label} of ${columns.measure}; arrow keys move, Enter zooms, Escape zooms out, m opens the menu of a frame, + asks for what is not shown below it`}
            onKeyDown={key}
            onMouseMove={event => {
              const hit = flame.current!.under(event);
              setFocus(hit.node);
              setRest(hit.remainderOf);
            }}
            onMouseLeave={() => { setFocus(-1); setRest(-1); }}
            onClick={event => click(flame.current!.under(event))}
            onContextMenu={event => {
              const { node } = flame.current!.under(event);
              if (node < 0) return;
              event.preventDefault();
              const box = viewport.current!.getBoundingClientRect();
              setMenu({ node, x: event.clientX - box.left, y: event.clientY - box.top });
            }}
          />
          <Spacer rows={tree.rows.length + 1} viewport={viewport.current} />
        </div>
        {menu && <Menu tree={tree} menu={menu} actions={actions} onZoom={setZoom} onClose={() => { setMenu(null); canvas.current!.focus(); }} />}
        <div class="flame-status" role="status" data-testid="frame">
          {rest >= 0
            ? `not shown: ${amount(remainder(tree, rest), tree.unit)} in small frames below ${tree.names[tree.name[rest]!]}; click to ask for them`
            : focus >= 0 && focus < tree.parent.length ? describe(tree, focus) : " "}
        </div>
      </div>
    </>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Menu({ tree, menu, actions, onZoom, onClose }: {
  tree: Tree; menu: { node: number; x: number; y: number }; actions: FrameAction[]; onZoom: (node: number) => void; onClose: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current!.querySelector("button")!.focus(), [menu]);
  const name = tree.names[tree.name[menu.node]!]!;
  const stack = path(tree, menu.node).slice(1).map(node => tree.names[tree.name[node]!]!);
  const all: FrameAction[] = [
    { label: "Zoom here", run: () => onZoom(menu.node) },
    ...actions,
    { label: "Copy name", run: () => void navigator.clipboard?.writeText(name) },
    { label: "Copy stack", run: () => void navigator.clipboard?.writeText(stack.reverse().join("\n")) },
  ];
  function key(event: KeyboardEvent) {
    const buttons = [...box.current!.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "Escape") onClose();
    else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]!.focus();
    else if (event.key === "ArrowUp") buttons[(at + buttons.length - 1) % buttons.length]!.focus();
    else return;
    event.preventDefault();
  }
  return (
    <div class="menu" role="menu" ref={box} aria-label={name} style={{ left: menu.x + "px", top: menu.y + "px" }} onKeyDown={key}>
      <div class="menu-title mono">{name}</div>
      {all.map(action => (
        <button key={action.label} type="button" role="menuitem" onClick={() => { onClose(); action.run(name); }}>{action.label}</button>
      ))}
    </div>
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
  const rest = remainder(tree, node);
  const before = tree.before;
  return (
    `${tree.names[tree.name[node]!]} — ${amount(total, tree.unit)}, ${percent(total, tree.total)}` +
    `, self ${amount(self, tree.unit)}, ${percent(self, tree.total)}` +
    (before ? `, before ${amount(Math.round(before.total[node]!), tree.unit)}` : "") +
    (node === 0 ? "" : `, ${tree.kinds[tree.kind[node]!]}`) +
    (rest > 0 ? `, not shown ${amount(rest, tree.unit)}` : "")
  );
}
