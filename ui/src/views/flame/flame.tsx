import { useEffect, useRef, useState, type MutableRef } from "preact/hooks";
import { graphHeight, ROW_HEIGHT, type Window } from "../../draw/boxes";
import type { Hit } from "../../draw/flame";
import { foldedInto } from "../../lib/chains";
import type { ColourBy } from "../../lib/colour";
import { amount } from "../../lib/format";
import { describe } from "../../lib/frame";
import { callee, caller, nextMatch, sibling } from "../../lib/moves";
import { nameOf, size, type Tree } from "../../lib/tree";
import { useRemembered } from "../../state/chosen";
import { useDark } from "../../state/theme";
import { useFlameCanvas } from "./canvas";
import { Card, type Pointer } from "./card";
import { Crumbs } from "./crumbs";
import { useGraph } from "./graph";
import { Menu, type FrameAction, type Opened } from "./menu";
import { Panel } from "./panel";
import { useSearch, type Find } from "./search";
import type { ComponentChildren } from "preact";

/** What the controls around a flame graph ask it for. */
export interface FlameHandle {
  /** To the next match, or to the one before. */
  step: (by: 1 | -1) => void;
  png: () => Promise<Blob | null>;
  svg: () => string;
}

/** What a flame graph shows, who is told of changes, and whom it asks. */
export interface FlameProps {
  tree: Tree;
  query: string;
  find: Find;
  /** Told what the query found, in words. */
  onMatched?: (matched: string) => void;
  handle?: MutableRef<FlameHandle | null>;
  /** The frame that fills the width; null for the root. */
  place: string | null;
  onPlace: (place: string | null) => void;
  upward: boolean;
  /** Whether runs of frames that only pass on are in the box of what they lead to. */
  folded: boolean;
  colours: ColourBy;
  actions: FrameAction[];
  /** Asks for what the node budget cut below a path; null where there is nobody to ask. */
  below: ((path: string[]) => Promise<Tree>) | null;
  /** Siblings stand as they came, and may be of one name. */
  ordered?: boolean;
  /** Of a comparison: boxes are as wide as in the baseline. */
  ofBaseline?: boolean;
  label: string;
  /** Where the source of a frame is; null where nobody knows. */
  source?: (name: string, kind: string) => string | null;
  /** Beside the path of callers, above the graph. */
  legend?: ComponentChildren;
  /** At the end of the line below the graph. */
  status?: ComponentChildren;
}

/** Pixels that a pointer moves before a press is a drag. */
const DRAG = 4;
const WHEEL = 0.0022;
const STEP = 0.7;
const PAN = 120;
/** Browsers tell of the pointer after a scroll as if it had moved. */
const SETTLED_MILLIS = 150;
/** Narrower windows have no room for details beside the graph unless somebody asks. */
const ROOMY = 1200;

/** A flame graph with zoom and search; every step by mouse has one by keyboard. */
export function Flame(props: FlameProps) {
  const { upward, folded, colours, below, query, label } = props;
  const dark = useDark();
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [menu, setMenu] = useState<Opened | null>(null);
  const [window_, setWindow] = useState<Window | null>(null);
  const [wantsPanel, setWantsPanel] = useRemembered("details", innerWidth >= ROOMY);
  const [asked, setAsked] = useState(false);
  const [selected, setSelected] = useState(-1);
  const graph = useGraph({
    answer: props.tree, place: props.place, onPlace: props.onPlace, folded, ordered: props.ordered ?? false, ofBaseline: props.ofBaseline ?? false, below,
    onReplaced: () => { setMenu(null); setPointer(null); setWindow(null); setSelected(-1); },
  });
  const { tree, zoom, focus, setFocus } = graph;
  const { matches, matched } = useSearch(graph.whole, query, props.find);
  const { viewport, canvas, map, flame, minimap } = useFlameCanvas({ tree, zoom, focus, matches, colours, upward, dark, window: window_ });
  useEffect(() => props.onMatched?.(matched), [matched]);
  const shownNode = selected > 0 && selected < size(tree) ? selected : zoom;
  const showsPanel = wantsPanel && (zoom > 0 || asked) && shownNode >= 0;

  function zoomTo(node: number) {
    setWindow(null);
    setSelected(node);
    graph.zoomTo(node);
  }

  function focusOn(node: number) {
    setFocus(node);
    setSelected(node);
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
  const handle: FlameHandle = { step: toMatch, png: () => flame.current!.png(), svg: () => flame.current!.svg() };
  if (props.handle) props.handle.current = handle;

  function click(hit: Hit) {
    setMenu(null);
    if (hit.restOf >= 0) graph.expand(hit.restOf);
    else if (hit.node >= 0) zoomTo(hit.node);
  }

  /** Around the middle of what is seen. */
  function byKey(factor: number, move: number) {
    const box = canvas.current!.getBoundingClientRect();
    setWindow(flame.current!.panned({ clientX: box.left + box.width / 2 } as MouseEvent, factor, move));
  }

  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
      case "Escape": if (menu) setMenu(null); else if (window_) setWindow(null); else zoomTo(0); break;
      case "o": if (graph.isRun(from)) graph.toggle(from); break;
      case "i": setAsked(!showsPanel); setWantsPanel(!showsPanel); break;
      case "w": byKey(STEP, 0); break;
      case "s": byKey(1 / STEP, 0); break;
      case "a": byKey(1, -PAN); break;
      case "d": byKey(1, PAN); break;
      case "+": if (tree.rest[from]! > 0) graph.expand(from); break;
      case "ContextMenu": case "m": setMenu({ node: from, x: 40, y: flame.current!.rowTop(tree.depth[from]!) - viewport.current!.scrollTop + ROW_HEIGHT }); break;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (to !== undefined) focusOn(to);
  }

  // Browsers zoom the whole page by this wheel unless they are told at once that somebody else does.
  useEffect(() => {
    const box = canvas.current!;
    const wheel = (event: WheelEvent) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (event.ctrlKey || event.metaKey) setWindow(flame.current!.panned(event, Math.exp(event.deltaY * WHEEL * 2), 0));
      else if (sideways && flame.current) {
        const next = flame.current.panned(event, 1, event.deltaX || event.deltaY);
        if (!next) return;
        setWindow(next);
      } else return;
      event.preventDefault();
    };
    box.addEventListener("wheel", wheel, { passive: false });
    return () => box.removeEventListener("wheel", wheel);
  }, []);

  // A press that moves drags the graph; one that does not is a click.
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  function dragged(event: PointerEvent) {
    const start = drag.current;
    if (!start) return;
    if (!event.buttons) {
      drag.current = null;
      return;
    }
    const [x, y] = [event.clientX - start.x, event.clientY - start.y];
    if (!start.moved && Math.hypot(x, y) < DRAG) return;
    if (!start.moved) canvas.current!.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: true };
    viewport.current!.scrollTop -= y;
    const next = flame.current!.panned(event, 1, -x);
    if (next) setWindow(next);
  }

  const last = useRef({ x: -1, y: -1, scrolled: 0 });
  function scrolled() {
    last.current.scrolled = performance.now();
    flame.current?.redraw();
    if (!pointer) return;
    setPointer(null);
    // What the keyboard is on stays.
    if (focus === pointer.hit.node) setFocus(-1);
  }
  /** Whether the pointer stands still, and the graph moves below it. */
  function isStill({ clientX: x, clientY: y }: MouseEvent): boolean {
    const { x: lastX, y: lastY, scrolled } = last.current;
    last.current = { x, y, scrolled };
    return x === lastX && y === lastY && performance.now() - scrolled < SETTLED_MILLIS;
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
    <div class="flame">
      <div class="flame-top">
        <Crumbs tree={tree} zoom={zoom} onZoom={zoomTo} />
        {window_ && <button type="button" class="link" onClick={() => setWindow(null)}>Reset pan and zoom</button>}
        {props.legend}
      </div>
      {graph.problem && <p class="problem" role="alert">{graph.problem}</p>}
      <div class="flame-body">
        <div class="flame-scroll" ref={viewport} onScroll={scrolled}>
          {/* As tall as the graph, while the canvas within it is as tall as what is seen of it. */}
          <div class="flame-all" style={{ height: graphHeight(tree) + "px" }}>
            <canvas
              ref={canvas}
              id={props.handle ? "graph" : undefined}
              tabIndex={0}
              role="img"
              aria-label={`${label} of ${tree.measure}; arrow keys move, Enter zooms, Escape zooms out, m opens the menu of a frame, i its details, n and N go to the next and the previous match, w, s, a and d zoom and pan, + loads frames that are too small to draw${folded ? ", o shows merged frames" : ""}`}
              onKeyDown={key}
              onPointerDown={event => { if (event.button === 0 && event.pointerType === "mouse") drag.current = { x: event.clientX, y: event.clientY, moved: false }; }}
              onPointerMove={dragged}
              onMouseMove={event => {
                if (isStill(event) || drag.current?.moved) return;
                const hit = flame.current!.under(event);
                const onFrame = hit.node >= 0 || hit.restOf >= 0;
                // A pointer that rests beside all frames takes nothing from the keyboard.
                if (onFrame || pointer) setFocus(hit.node);
                setPointer(onFrame ? { hit, ...within(event) } : null);
              }}
              onMouseLeave={() => { setFocus(-1); setPointer(null); }}
              onPointerUp={() => { if (!drag.current?.moved) drag.current = null; }}
              onClick={event => {
                const moved = drag.current?.moved;
                drag.current = null;
                if (!moved) click(flame.current!.under(event));
              }}
              onContextMenu={event => {
                const { node } = flame.current!.under(event);
                if (node < 0) return;
                event.preventDefault();
                setMenu({ node, ...within(event) });
              }}
            />
          </div>
        </div>
        {/* The scroll bar tells the same to those who do not see it. Hidden until it is drawn: a canvas without a size takes half of the room. */}
        <canvas ref={map} hidden class="flame-map" aria-hidden="true" data-testid="map"
          onPointerDown={event => { event.currentTarget.setPointerCapture(event.pointerId); minimap.current!.scrollTo(event); }}
          onPointerMove={event => { if (event.buttons) minimap.current!.scrollTo(event); }} />
        {showsPanel && <Panel tree={tree} node={shownNode} actions={props.actions} source={props.source} onNode={zoomTo} onClose={() => { setAsked(false); setWantsPanel(false); canvas.current!.focus(); }} />}
        {pointer && !menu && pointer.hit.node >= 0 && <Card tree={tree} pointer={pointer} viewport={viewport.current!} />}
        {menu && <Menu tree={tree} menu={menu} onZoom={zoomTo} actions={[...ofRun(menu.node), ...props.actions]} onClose={() => { setMenu(null); canvas.current!.focus(); }} />}
      </div>
      <div class="flame-status">
        <span class="frame-text" role="status" data-testid="frame">
          {pointer && pointer.hit.restOf >= 0
            ? `Too small to draw: ${amount(tree.rest[pointer.hit.restOf]!, tree.unit)} below ${nameOf(tree, pointer.hit.restOf)}${below ? "; click to load" : ""}`
            : focus >= 0 && focus < size(tree) ? describe(tree, focus) : " "}
        </span>
        {props.status}
      </div>
    </div>
  );
}
