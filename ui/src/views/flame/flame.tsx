import { useState } from "preact/hooks";
import { graphHeight, ROW_HEIGHT } from "../../draw/boxes";
import type { Hit } from "../../draw/flame";
import { foldedInto } from "../../lib/chains";
import type { ColourBy } from "../../lib/colour";
import { amount } from "../../lib/format";
import { describe } from "../../lib/frame";
import { callee, caller, nextMatch, sibling } from "../../lib/moves";
import { nameOf, size, type Tree } from "../../lib/tree";
import { useFlameCanvas } from "./canvas";
import { Card, type Pointer } from "./card";
import { Crumbs } from "./crumbs";
import { useGraph } from "./graph";
import { Menu, type FrameAction, type Opened } from "./menu";
import { save } from "./save";
import { useSearch, type Find } from "./search";

/** What a flame graph shows, who is told of changes, and whom it asks. */
export interface FlameProps {
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
}

/** A flame graph with zoom and search; every step by mouse has one by keyboard. */
export function Flame(props: FlameProps) {
  const { upward, folded, colours, below, query, label } = props;
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [menu, setMenu] = useState<Opened | null>(null);
  const graph = useGraph({
    answer: props.tree, place: props.place, onPlace: props.onPlace, folded, ordered: props.ordered ?? false, ofBaseline: props.ofBaseline ?? false, below,
    onReplaced: () => { setMenu(null); setPointer(null); },
  });
  const { tree, zoom, zoomTo, focus, setFocus } = graph;
  const { matches, matched } = useSearch(graph.whole, query, props.find);
  const { viewport, canvas, map, flame, minimap } = useFlameCanvas({ tree, zoom, focus, matches, colours, upward });

  function focusOn(node: number) {
    setFocus(node);
    const box = viewport.current!;
    const y = flame.current!.rowTop(tree.depth[node]!);
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW_HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW_HEIGHT - box.clientHeight;
  }

  const match = (from: number, step: 1 | -1) => (matches ? nextMatch(tree, matches, zoom, from, step) : undefined);
  function toMatch(step: 1 | -1) {
    const node = match(focus < 0 ? zoom : focus, step);
    if (node !== undefined) focusOn(node);
  }

  function click(hit: Hit) {
    setMenu(null);
    if (hit.restOf >= 0) graph.expand(hit.restOf);
    else if (hit.node >= 0) zoomTo(hit.node);
  }

  function key(event: KeyboardEvent) {
    const from = focus < 0 ? zoom : focus;
    let to: number | undefined;
    switch (event.key) {
      case upward ? "ArrowUp" : "ArrowDown": to = callee(tree, from); break;
      case upward ? "ArrowDown" : "ArrowUp": to = caller(tree, from); break;
      case "n": to = match(from, 1); break;
      case "N": to = match(from, -1); break;
      case "ArrowRight": to = sibling(tree, from, 1); break;
      case "ArrowLeft": to = sibling(tree, from, -1); break;
      case "Enter": zoomTo(from); break;
      case "Escape": if (menu) setMenu(null); else zoomTo(0); break;
      case "o": if (graph.isRun(from)) graph.toggle(from); break;
      case "+": if (tree.rest[from]! > 0) graph.expand(from); break;
      case "ContextMenu": case "m": setMenu({ node: from, x: 40, y: flame.current!.rowTop(tree.depth[from]!) - viewport.current!.scrollTop + ROW_HEIGHT }); break;
      default: return;
    }
    event.preventDefault();
    if (to !== undefined) focusOn(to);
  }

  /** A place in the viewport. */
  function within(event: MouseEvent): { x: number; y: number } {
    const box = viewport.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  const ofRun = (node: number): FrameAction[] => (graph.isRun(node)
    ? [{ label: graph.isOpen(node) ? "Merge these frames again" : `Show the ${foldedInto(tree, node)} merged frames`, run: () => graph.toggle(node) }]
    : []);

  return (
    <>
      <div class="row">
        <input type="search" placeholder="Search: text or /expression/" aria-label="search frames" value={query}
          onInput={event => props.onQuery(event.currentTarget.value)} />
        {query && <span data-testid="matched">{matched}</span>}
        {matches && (
          <span>
            <button type="button" title="Previous match (N)" aria-label="previous match" onClick={() => toMatch(-1)}>‹</button>
            <button type="button" title="Next match (n)" aria-label="next match" onClick={() => toMatch(1)}>›</button>
          </span>
        )}
        <Crumbs tree={tree} zoom={zoom} onZoom={zoomTo} />
        <span class="end row">
          <button type="button" aria-pressed={folded} title="Draws a chain of frames that call only one other as one box" onClick={() => props.onFolded(!folded)}>Merge single-child frames</button>
          <button type="button" aria-pressed={upward} onClick={() => props.onUpward(!upward)}>Flip</button>
          <button type="button" onClick={() => flame.current!.png().then(blob => blob && save(blob, "flame.png"))}>PNG</button>
          <button type="button" onClick={() => save(new Blob([flame.current!.svg()], { type: "image/svg+xml" }), "flame.svg")}>SVG</button>
        </span>
      </div>
      {graph.problem && <p class="problem" role="alert">{graph.problem}</p>}
      <div class="flame">
        <div class="flame-body">
          <div class="flame-scroll" ref={viewport} onScroll={() => flame.current?.redraw()}>
            {/* As tall as the graph, while the canvas within it is as tall as what is seen of it. */}
            <div class="flame-all" style={{ height: graphHeight(tree) + "px" }}>
              <canvas
                ref={canvas}
                tabIndex={0}
                role="img"
                aria-label={`${label} of ${tree.measure}; arrow keys move, Enter zooms, Escape zooms out, m opens the menu of a frame, n and N go to the next and the previous match, + loads frames that are too small to draw${folded ? ", o shows merged frames" : ""}`}
                onKeyDown={key}
                onMouseMove={event => {
                  const hit = flame.current!.under(event);
                  setFocus(hit.node);
                  setPointer({ hit, ...within(event) });
                }}
                onMouseLeave={() => { setFocus(-1); setPointer(null); }}
                onClick={event => click(flame.current!.under(event))}
                onContextMenu={event => {
                  const { node } = flame.current!.under(event);
                  if (node < 0) return;
                  event.preventDefault();
                  setMenu({ node, ...within(event) });
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
        {menu && <Menu tree={tree} menu={menu} onZoom={zoomTo} actions={[...ofRun(menu.node), ...props.actions]} onClose={() => { setMenu(null); canvas.current!.focus(); }} />}
        <div class="flame-status" role="status" data-testid="frame">
          {pointer && pointer.hit.restOf >= 0
            ? `Too small to draw: ${amount(tree.rest[pointer.hit.restOf]!, tree.unit)} below ${nameOf(tree, pointer.hit.restOf)}${below ? "; click to load" : ""}`
            : focus >= 0 && focus < size(tree) ? describe(tree, focus) : " "}
        </div>
      </div>
    </>
  );
}
