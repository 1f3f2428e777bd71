import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { FlameCanvas, ROW, type Hit } from "../draw/flame";
import { Minimap } from "../draw/minimap";
import { boxOf, callerOf, foldChains, foldedInto } from "../lib/chains";
import type { ColourBy } from "../lib/colour";
import type { Names } from "../lib/names";
import { amount, percent, sampled } from "../lib/format";
import { children, fromBaseline, graft, kindOf, matchedTotal, nameOf, nodeOf, path, pathNames, placeInOrder, placeOf, rowCount, size, type Tree } from "../lib/tree";
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
export function Flame({ tree: answer, query, onQuery, find, place, onPlace, upward, onUpward, folded, onFolded, colours, actions, below, ordered = false, ofBaseline = false, label }: {
  tree: Tree;
  query: string;
  onQuery: (query: string) => void;
  find: Find;
  /** The frame that fills the width; null for the root. */
  place: string | null;
  onPlace: (place: string | null) => void;
  upward: boolean;
  onUpward: (upward: boolean) => void;
  /** Whether runs of frames that only pass on are in the box of what they lead to. */
  folded: boolean;
  onFolded: (folded: boolean) => void;
  colours: ColourBy;
  actions: FrameAction[];
  /** Asks for what the node budget cut below a path; null where there is nobody to ask. */
  below: ((path: string[]) => Promise<Tree>) | null;
  /** Siblings stand as they came, and may be of one name. */
  ordered?: boolean;
  /** Of a comparison: boxes are as wide as in the baseline. */
  ofBaseline?: boolean;
  label: string;
}) {
  const [own, setWhole] = useState(answer);
  const whole = useMemo(() => (ofBaseline ? fromBaseline(own) : own), [own, ofBaseline]);
  /** What was opened although runs are folded. */
  const [opened, setOpened] = useState<ReadonlySet<number>>(NONE);
  const tree = useMemo(() => (folded ? foldChains(whole, opened) : whole), [whole, folded, opened]);
  const [pointed, setFocus] = useState(-1);
  const focus = pointed < 0 ? -1 : boxOf(tree, pointed);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [menu, setMenu] = useState<{ node: number; x: number; y: number } | null>(null);
  const [problem, setProblem] = useState("");
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<Minimap | null>(null);
  const flame = useRef<FlameCanvas | null>(null);
  const { matches, matched } = useSearch(whole, query, find);

  // The node of a place is looked for only when it comes from the address.
  const lastZoom = useRef<{ whole: Tree; place: string | null; node: number }>();
  const zoom = useMemo(() => {
    const last = lastZoom.current;
    return boxOf(tree, last?.whole === whole && last.place === place ? last.node : nodeOf(tree, place));
  }, [tree, place]);
  const zoomTo = (node: number) => {
    lastZoom.current = { whole, place: ordered ? placeInOrder(node) : placeOf(tree, node), node };
    onPlace(lastZoom.current.place);
  };

  /** Another tree in place of this one, the keyboard staying where it is. */
  function replace(next: Tree) {
    setFocus(focus > 0 ? nodeOf(next, placeOf(tree, focus)) || -1 : -1);
    setMenu(null);
    setPointer(null);
    setOpened(NONE);
    setWhole(next);
  }
  useEffect(() => {
    if (answer !== own) replace(answer);
  }, [answer]);
  const current = useRef(own);
  current.current = own;

  useEffect(() => {
    minimap.current = new Minimap(map.current!, viewport.current!);
    const drawn = new FlameCanvas(canvas.current!, viewport.current!, minimap.current);
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
      more => current.current === own && replace(graft(own, node, more)),
      e => setProblem((e as Error).message),
    );
  }

  /** Opens the run that is folded into a box, or folds it again. */
  function toggle(node: number) {
    const next = new Set(opened);
    if (!next.delete(node)) next.add(node);
    setOpened(next);
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
      const box = boxOf(tree, node);
      if (matches[tree.name[node]!] && node > 0 && box !== from) return box;
    }
    return undefined;
  }

  function toMatch(step: 1 | -1) {
    const node = nextMatch(focus < 0 ? zoom : focus, step);
    if (node !== undefined) focusOn(node);
  }

  const isRun = (node: number) => folded && (opened.has(node) || foldedInto(tree, node) > 0);

  function key(event: KeyboardEvent) {
    const from = focus < 0 ? zoom : focus;
    const caller = callerOf(tree, from);
    const siblings = () => (from === 0 ? [0] : children(tree, caller).map(node => boxOf(tree, node)));
    let to: number | undefined;
    switch (event.key) {
      case upward ? "ArrowUp" : "ArrowDown": to = children(tree, from).map(node => boxOf(tree, node))[0]; break;
      case upward ? "ArrowDown" : "ArrowUp": to = caller >= 0 ? caller : undefined; break;
      case "n": to = nextMatch(from, 1); break;
      case "N": to = nextMatch(from, -1); break;
      case "ArrowRight": to = siblings()[siblings().indexOf(from) + 1]; break;
      case "ArrowLeft": to = siblings()[siblings().indexOf(from) - 1]; break;
      case "Enter": zoomTo(from); break;
      case "Escape": if (menu) setMenu(null); else zoomTo(0); break;
      case "o": if (isRun(from)) toggle(from); break;
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
          <button type="button" aria-pressed={folded} title="frames that only pass on stand in the box of what they lead to" onClick={() => onFolded(!folded)}>Fold chains</button>
          <button type="button" aria-pressed={upward} onClick={() => onUpward(!upward)}>Root below</button>
          <button type="button" onClick={() => flame.current!.png().then(blob => blob && save(blob, "flame.png"))}>PNG</button>
          <button type="button" onClick={() => save(new Blob([flame.current!.svg()], { type: "image/svg+xml" }), "flame.svg")}>SVG</button>
        </span>
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="flame">
        <div class="flame-body">
          <div class="flame-scroll" ref={viewport} onScroll={() => flame.current?.redraw()}>
            {/* As tall as the graph, while the canvas within it is as tall as what is seen of it. */}
            <div class="flame-all" style={{ height: (rowCount(tree) + 1) * ROW + "px" }}>
              <canvas
                ref={canvas}
                tabIndex={0}
                role="img"
                aria-label={`${label} of ${tree.measure}; arrow keys move, Enter zooms, Escape zooms out, m opens the menu of a frame, n and N go to the next match and the one before, + asks for what is not shown below it${folded ? ", o opens a chain" : ""}`}
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
          {/* The scroll bar tells the same to those who do not see it. */}
          <canvas ref={map} class="flame-map" aria-hidden="true" data-testid="map"
            onPointerDown={event => { event.currentTarget.setPointerCapture(event.pointerId); minimap.current!.scrollTo(event); }}
            onPointerMove={event => { if (event.buttons) minimap.current!.scrollTo(event); }} />
        </div>
        {pointer && !menu && pointer.hit.node >= 0 && <Card tree={tree} pointer={pointer} viewport={viewport.current!} />}
        {menu && <Menu tree={tree} menu={menu} onZoom={zoomTo}
          actions={isRun(menu.node) ? [{ label: opened.has(menu.node) ? "Fold its chain again" : `Open the ${foldedInto(tree, menu.node)} folded frames`, run: () => toggle(menu.node) }, ...actions] : actions} onClose={() => { setMenu(null); canvas.current!.focus(); }} />}
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

const NONE: ReadonlySet<number> = new Set();

interface Pointer {
  hit: Hit;
  x: number;
  y: number;
}

/** Of a folded chain, in the card. */
const LISTED = 12;

/** What there is to know of the frame under the pointer, beside it. */
function Card({ tree, pointer, viewport }: { tree: Tree; pointer: Pointer; viewport: HTMLElement }) {
  const { node } = pointer.hit;
  const folded = foldedInto(tree, node);
  const steps = Array.from({ length: Math.min(folded, LISTED) }, (_, i) => node - folded + i);
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
        {line(tree.ofBaseline ? "before" : "total", tree.width[node]!)}
        {line(tree.ofBaseline ? "self before" : "self", tree.self[node]!)}
        {tree.before && line(tree.ofBaseline ? "now" : "before", tree.before.total[node]!)}
        {tree.facts.intervalNanos && !tree.ofBaseline && <><dt>samples</dt><dd>{sampled(tree.width[node]!, tree.facts.intervalNanos)}</dd><dd /></>}
        {tree.before && <><dt>change</dt><dd>{changeOf(tree, node)}</dd><dd /></>}
        {tree.rest[node]! > 0 && line("not shown", tree.rest[node]!)}
      </dl>
      {node > 0 && <span class="quiet">{kindOf(tree, node)}</span>}
      {folded > 0 && <div class="quiet mono">by way of {steps.map(each => <div key={each}>{nameOf(tree, each)}</div>)}{folded > steps.length && <div>and {folded - steps.length} more</div>}</div>}
    </div>
  );
}

/** How a frame differs from the baseline: `new`, `gone`, or by how much, with the share of what it was. */
function changeOf(tree: Tree, node: number): string {
  const [now, before] = tree.ofBaseline ? [tree.before!.total[node]!, tree.width[node]!] : [tree.width[node]!, tree.before!.total[node]!];
  if (now === 0) return "gone";
  if (before === 0) return "new";
  const sign = now > before ? "+" : "";
  return `${sign}${amount(now - before, tree.unit)} (${sign}${percent(now - before, before)})`;
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

function describe(tree: Tree, node: number): string {
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
