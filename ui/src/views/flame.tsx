import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { FlameCanvas, ROW, type Hit } from "../draw/flame";
import type { ColourBy } from "../lib/colour";
import type { Names } from "../lib/names";
import { amount, percent } from "../lib/format";
import { children, graft, kindOf, matchedTotal, nameOf, nodeOf, path, pathNames, placeInOrder, placeOf, rowCount, size, type Tree } from "../lib/tree";
import { onRecoloured } from "../state/theme";
import { copy } from "./copy";

/** What may be done with a frame besides zooming. */
export interface FrameAction {
  label: string;
  run: (name: string) => void;
}

/** Which names match; null when the query is an expression that is none. */
export type Find = (names: Names, query: string) => Promise<Uint8Array | null>;

/** A flame graph with zoom and search; every step by mouse has one by keyboard. */
export function Flame({ tree: answer, query, onQuery, find, place, onPlace, upward, onUpward, colours, actions, below, ordered = false, label }: {
  tree: Tree;
  query: string;
  onQuery: (query: string) => void;
  find: Find;
  /** The frame that fills the width; null for the root. */
  place: string | null;
  onPlace: (place: string | null) => void;
  upward: boolean;
  onUpward: (upward: boolean) => void;
  colours: ColourBy;
  actions: FrameAction[];
  /** Asks for what the node budget cut below a path; null where there is nobody to ask. */
  below: ((path: string[]) => Promise<Tree>) | null;
  /** Siblings stand as they came, and may be of one name. */
  ordered?: boolean;
  label: string;
}) {
  const [tree, setTree] = useState(answer);
  const [focus, setFocus] = useState(-1);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [menu, setMenu] = useState<{ node: number; x: number; y: number } | null>(null);
  const [problem, setProblem] = useState("");
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flame = useRef<FlameCanvas | null>(null);
  const { matches, matched } = useSearch(tree, query, find);

  // The node of a place is looked for only when it comes from the address.
  const lastZoom = useRef<{ tree: Tree; place: string | null; node: number }>();
  const zoom = useMemo(() => {
    const last = lastZoom.current;
    return last?.tree === tree && last.place === place ? last.node : nodeOf(tree, place);
  }, [tree, place]);
  const zoomTo = (node: number) => {
    lastZoom.current = { tree, place: ordered ? placeInOrder(node) : placeOf(tree, node), node };
    onPlace(lastZoom.current.place);
  };

  /** Another tree in place of this one, the keyboard staying where it is. */
  function replace(next: Tree) {
    setFocus(focus > 0 ? nodeOf(next, placeOf(tree, focus)) || -1 : -1);
    setMenu(null);
    setPointer(null);
    setTree(next);
  }
  useEffect(() => {
    if (answer !== tree) replace(answer);
  }, [answer]);
  const current = useRef(tree);
  current.current = tree;

  useEffect(() => {
    const drawn = new FlameCanvas(canvas.current!, viewport.current!);
    flame.current = drawn;
    const resized = new ResizeObserver(() => drawn.redraw());
    resized.observe(viewport.current!);
    const recoloured = onRecoloured(() => drawn.redraw());
    // Paper has no scroll bar: all that fits a canvas is on it.
    const toPaper = () => drawn.unrolled(true);
    const toScreen = () => drawn.unrolled(false);
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", toScreen);
    return () => {
      resized.disconnect();
      recoloured();
      removeEventListener("beforeprint", toPaper);
      removeEventListener("afterprint", toScreen);
      drawn.dispose();
    };
  }, []);

  useEffect(() => flame.current?.show({ tree, zoom, focus, matches, colours, upward }), [tree, zoom, focus, matches, colours, upward]);
  // What is read first is the root, wherever it is.
  useEffect(() => {
    flame.current!.draw(); // the canvas takes its place, without which there is nothing to scroll
    viewport.current!.scrollTop = upward ? viewport.current!.scrollHeight : 0;
  }, [upward]);

  function focusOn(node: number) {
    setFocus(node);
    const box = viewport.current!;
    const y = flame.current!.rowTop(tree.depth[node]!);
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW - box.clientHeight;
  }

  function expand(node: number) {
    setProblem("");
    below?.(pathNames(tree, node)).then(
      more => current.current === tree && replace(graft(tree, node, more)),
      e => setProblem((e as Error).message),
    );
  }

  function click(hit: Hit) {
    setMenu(null);
    if (hit.restOf >= 0) expand(hit.restOf);
    else if (hit.node >= 0) zoomTo(hit.node);
  }

  /** The nearest frame after or before one that matches, going round within what is zoomed. */
  function nextMatch(from: number, step: 1 | -1): number | undefined {
    if (!matches) return undefined;
    const [first, count] = [zoom, tree.end[zoom]! - zoom];
    for (let i = 1; i <= count; i++) {
      const node = first + ((((from - first + step * i) % count) + count) % count);
      if (matches[tree.name[node]!] && node > 0) return node;
    }
    return undefined;
  }

  function toMatch(step: 1 | -1) {
    const node = nextMatch(focus < 0 ? zoom : focus, step);
    if (node !== undefined) focusOn(node);
  }

  function key(event: KeyboardEvent) {
    const from = focus < 0 ? zoom : focus;
    const siblings = () => (from === 0 ? [0] : children(tree, tree.parent[from]!));
    let to: number | undefined;
    switch (event.key) {
      case upward ? "ArrowUp" : "ArrowDown": to = children(tree, from)[0]; break;
      case upward ? "ArrowDown" : "ArrowUp": to = tree.parent[from]! >= 0 ? tree.parent[from] : undefined; break;
      case "n": to = nextMatch(from, 1); break;
      case "N": to = nextMatch(from, -1); break;
      case "ArrowRight": to = siblings()[siblings().indexOf(from) + 1]; break;
      case "ArrowLeft": to = siblings()[siblings().indexOf(from) - 1]; break;
      case "Enter": zoomTo(from); break;
      case "Escape": if (menu) setMenu(null); else zoomTo(0); break;
      case "+": if (tree.rest[from]! > 0) expand(from); break;
      case "ContextMenu": case "m": setMenu({ node: from, x: 40, y: flame.current!.rowTop(tree.depth[from]!) - viewport.current!.scrollTop + ROW }); break;
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
        {query && <span data-testid="matched">{matched}</span>}
        {matches && (
          <span>
            <button type="button" title="the match before (N)" aria-label="the match before" onClick={() => toMatch(-1)}>‹</button>
            <button type="button" title="the next match (n)" aria-label="the next match" onClick={() => toMatch(1)}>›</button>
          </span>
        )}
        <Crumbs tree={tree} zoom={zoom} onZoom={zoomTo} />
        <span class="end row">
          <button type="button" aria-pressed={upward} onClick={() => onUpward(!upward)}>Root below</button>
          <button type="button" onClick={() => flame.current!.png().then(blob => blob && save(blob, "flame.png"))}>PNG</button>
          <button type="button" onClick={() => save(new Blob([flame.current!.svg()], { type: "image/svg+xml" }), "flame.svg")}>SVG</button>
        </span>
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="flame">
        <div class="flame-scroll" ref={viewport} onScroll={() => flame.current?.redraw()}>
          {/* As tall as the graph, while the canvas within it is as tall as what is seen of it. */}
          <div class="flame-all" style={{ height: (rowCount(tree) + 1) * ROW + "px" }}>
            <canvas
              ref={canvas}
              tabIndex={0}
              role="img"
              aria-label={`${label} of ${tree.measure}; arrow keys move, Enter zooms, Escape zooms out, m opens the menu of a frame, n and N go to the next match and the one before, + asks for what is not shown below it`}
              onKeyDown={key}
              onMouseMove={event => {
                const hit = flame.current!.under(event);
                const box = viewport.current!.getBoundingClientRect();
                setFocus(hit.node);
                setPointer({ hit, x: event.clientX - box.left, y: event.clientY - box.top });
              }}
              onMouseLeave={() => { setFocus(-1); setPointer(null); }}
              onClick={event => click(flame.current!.under(event))}
              onContextMenu={event => {
                const { node } = flame.current!.under(event);
                if (node < 0) return;
                event.preventDefault();
                const box = viewport.current!.getBoundingClientRect();
                setMenu({ node, x: event.clientX - box.left, y: event.clientY - box.top });
              }}
            />
          </div>
        </div>
        {pointer && !menu && pointer.hit.node >= 0 && <Card tree={tree} pointer={pointer} viewport={viewport.current!} />}
        {menu && <Menu tree={tree} menu={menu} actions={actions} onZoom={zoomTo} onClose={() => { setMenu(null); canvas.current!.focus(); }} />}
        <div class="flame-status" role="status" data-testid="frame">
          {pointer && pointer.hit.restOf >= 0
            ? `not shown: ${amount(tree.rest[pointer.hit.restOf]!, tree.unit)} in small frames below ${nameOf(tree, pointer.hit.restOf)}${below ? "; click to ask for them" : ""}`
            : focus >= 0 && focus < size(tree) ? describe(tree, focus) : " "}
        </div>
      </div>
    </>
  );
}

/** What matches, from a thread of its own: an expression may take long. */
function useSearch(tree: Tree, query: string, find: Find): { matches: Uint8Array | null; matched: string } {
  const [found, setFound] = useState<{ tree: Tree; matches: Uint8Array | null; matched: string } | null>(null);
  useEffect(() => {
    if (!query) {
      setFound(null);
      return;
    }
    let gone = false;
    find(tree.names, query).then(
      matches => {
        if (gone) return;
        const matched = matches ? percent(matchedTotal(tree, matches), tree.total) + " matched" : "not a regular expression";
        setFound({ tree, matches, matched });
      },
      e => { if (!gone) setFound({ tree, matches: null, matched: (e as Error).message }); },
    );
    return () => { gone = true; };
  }, [tree, query]);
  return found?.tree === tree ? found : { matches: null, matched: "" };
}

interface Pointer {
  hit: Hit;
  x: number;
  y: number;
}

/** What there is to know of the frame under the pointer, beside it. */
function Card({ tree, pointer, viewport }: { tree: Tree; pointer: Pointer; viewport: HTMLElement }) {
  const { node } = pointer.hit;
  const right = pointer.x > viewport.clientWidth / 2;
  const low = pointer.y > viewport.clientHeight / 2;
  const style = {
    [right ? "right" : "left"]: (right ? viewport.clientWidth - pointer.x : pointer.x) + 14 + "px",
    [low ? "bottom" : "top"]: (low ? viewport.clientHeight - pointer.y + 40 : pointer.y) + 14 + "px",
  };
  const line = (title: string, value: number) => <><dt>{title}</dt><dd>{amount(value, tree.unit)}</dd><dd>{percent(value, tree.total)}</dd></>;
  return (
    <div class="card" style={style} aria-hidden="true">
      <div class="mono">{nameOf(tree, node)}</div>
      <dl>
        {line("total", tree.width[node]!)}
        {line("self", tree.self[node]!)}
        {tree.before && line("before", Math.round(tree.before.total[node]!))}
        {tree.rest[node]! > 0 && line("not shown", tree.rest[node]!)}
      </dl>
      {node > 0 && <span class="quiet">{kindOf(tree, node)}</span>}
    </div>
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
  const name = nameOf(tree, menu.node);
  const stack = pathNames(tree, menu.node);
  const all: FrameAction[] = [
    { label: "Zoom here", run: () => onZoom(menu.node) },
    ...actions,
    { label: "Copy name", run: () => void copy(name) },
    { label: "Copy stack", run: () => void copy(stack.reverse().join("\n")) },
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

function Crumbs({ tree, zoom, onZoom }: { tree: Tree; zoom: number; onZoom: (node: number) => void }) {
  if (zoom === 0) return null;
  const nodes = path(tree, zoom);
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

function describe(tree: Tree, node: number): string {
  const total = tree.width[node]!;
  const self = tree.self[node]!;
  const rest = tree.rest[node]!;
  const before = tree.before;
  return (
    `${nameOf(tree, node)} — ${amount(total, tree.unit)}, ${percent(total, tree.total)}` +
    `, self ${amount(self, tree.unit)}, ${percent(self, tree.total)}` +
    (before ? `, before ${amount(Math.round(before.total[node]!), tree.unit)}` : "") +
    (node === 0 ? "" : `, ${kindOf(tree, node)}`) +
    (rest > 0 ? `, not shown ${amount(rest, tree.unit)}` : "")
  );
}
