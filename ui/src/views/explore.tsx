import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState, type MutableRef } from "preact/hooks";
import { rest, type MeasureTotal } from "../api/rest";
import { findNames } from "../api/worker";
import { categoryOf } from "../lib/category";
import { COLOURS, isChange, type ColourBy } from "../lib/colour";
import type { Facts } from "../lib/columns";
import { amount, cores, nanos, seconds } from "../lib/format";
import { onlyOwn } from "../lib/own";
import { ask, isComparison, pattern, question } from "../lib/question";
import { sourceOf } from "../lib/source";
import { duration, heatGrid, type Range } from "../lib/timeline";
import { layout, nameOf, size, type Tree as TreeData } from "../lib/tree";
import { EXPORTS } from "../lib/vocabulary";
import { measureWord } from "../lib/words";
import { useLoaded } from "../state/load";
import { useMe } from "../state/me";
import { adjust, show, useRoute } from "../state/route";
import { Legend } from "./colours";
import { CompareWith } from "./compare";
import { Notices, Sums, type SaidProps } from "./compared";
import { copy } from "./copy";
import { Doc } from "./doc";
import { AddFilter, Chips } from "./filters";
import { Flame, type FlameHandle } from "./flame/flame";
import type { FrameAction } from "./flame/menu";
import { save } from "./flame/save";
import { Head } from "./head";
import { Icon } from "./kit/icon";
import { Item, Popover } from "./kit/popover";
import { Segments, Tabs } from "./kit/tabs";
import { toast } from "./kit/toast";
import { Skeleton, Waiting } from "./kit/wait";
import { SearchBox } from "./search";
import { Standing } from "./standing";
import { HotTable, ThreadTable, TreeTable } from "./tables";
import { Timeline, type Slice } from "./timeline";

const DETAILS: [string, string][] = [["line", "Line"], ["method", "Method"], ["class", "Class"], ["package", "Package"]];
const ROWS: [string, string][] = [["", "none"], ["thread", "thread"], ["threads", "thread pool"], ["instance", "instance"], ["state", "state"]];
const NODES = "50000";
/** As many as a server allows that is set up as it comes. */
const LIMIT = "100000";
const CELLS = "300";
const NO_TIME_NANOS = 1e6;
/** More stacks in the order of time are a wall that no screen shows, and take long to make. */
const TOO_MANY_IN_ORDER = 60_000;
/** What is beside a picture waits for it, though not longer: all of it at once would make the picture wait for the rest. */
const PICTURE_MILLIS = 3000;
/** The bars and the axis below them. */
const TIMELINE_HEIGHT = 80;

const VIEWS: { word: string; text: string; title: string }[] = [
  { word: "flame", text: "Flame graph", title: "The merged stacks; bottom-up under View" },
  { word: "hot", text: "Top methods", title: "Methods by their own time, or with what they called" },
  { word: "method", text: "Callers", title: "Callers and callees of one method" },
  { word: "tree", text: "Tree", title: "The call tree as a table" },
  { word: "threads", text: "Threads", title: "What each thread used, and in which state" },
  { word: "time", text: "Time order", title: "The stacks of each thread in the order of time" },
];
const EXPORT_WORDS: Record<string, string> = {
  html: "HTML, one file that works anywhere", collapsed: "Collapsed stacks", speedscope: "speedscope", pprof: "pprof", otlp: "OpenTelemetry (OTLP)", firefox: "Firefox Profiler", json: "JSON",
};

/** What the page is about, in its first line. */
export interface About {
  crumbs: ComponentChildren;
  title: string;
  meta?: ComponentChildren;
  /** Lines of the last menu. */
  more?: (close: () => void) => ComponentChildren;
  /** Below the first line. */
  notice?: ComponentChildren;
}

/** A profile from all sides; what is shown is in the address. `version` changes when there are more profiles. */
export function Explore({ about, path, version, instances, service, recordings = [] }: {
  about: About;
  path: string;
  version: string;
  instances: string[];
  /** Whose tasks are offered to compare with; those of all when it is not known. */
  service?: string;
  /** What it was made of, to be downloaded. */
  recordings?: { label: string; url: string }[];
}) {
  const { query } = useRoute();
  const handle = useRef<FlameHandle | null>(null);
  const whole = useRef<HTMLElement>(null);
  const measures = useLoaded(["measures", version, ...query.getAll("instance")].join(" "), () => rest.measures(question(path, query)));
  const measure = query.get("measure") ?? measures.value?.[0]?.name;
  const base = ask(question(path, query), { overhead: query.get("overhead") ?? "hide", idle: query.get("idle") ?? "hide" });
  // What the tabs say is of the same samples as the picture: of the slice, the threads, the filters.
  const inside = { path, words: base.words.filter(([word]) => !word.startsWith("base-") && !["measure", "detail", "by"].includes(word)) };
  const [pictured, setPictured] = useState(!PICTURES.includes(query.get("view") ?? "flame"));
  useEffect(() => {
    const timer = setTimeout(() => setPictured(true), PICTURE_MILLIS);
    return () => clearTimeout(timer);
  }, []);
  const sums = useLoaded(measures.value && pictured ? key(version, inside, "sums") : null, () => rest.sums(inside));
  const sumOf = (name: string) => sums.value?.find(each => each.name === name);
  const asked = measure ? ask(base, { measure }) : null;
  const compared = isComparison(query);
  const exports = asked && exportsOf(ask(asked, { detail: query.get("detail") ?? "method" }), query, compared);
  return (
    <section class="explore" aria-label="profile" ref={whole}>
      <Head crumbs={about.crumbs} title={about.title} meta={about.meta}>
        <CompareWith path={path} service={service} instances={instances} />
        <button type="button" class="secondary" onClick={() => void copy(location.href).then(() => toast("Link copied"), () => toast("The browser does not allow copying.", true))}><Icon name="share" />Share</button>
        <Popover icon="export" text="Export" style="secondary" end name="list">
          {close => (
            <>
              <h3>What is shown</h3>
              {exports && EXPORTS.map(each => <Item key={each} value={each} text={EXPORT_WORDS[each] ?? each} onClick={() => { close(); download(rest.exportUrl(exported(exports, each), each)); }} />)}
              <h3>This picture</h3>
              <Item value="png" text="PNG" onClick={() => { close(); void handle.current?.png().then(blob => blob && save(blob, "flame.png")); }} />
              <Item value="svg" text="SVG" onClick={() => { close(); if (handle.current) save(new Blob([handle.current.svg()], { type: "image/svg+xml" }), "flame.svg"); }} />
              {recordings.length > 0 && <><h3>Recordings</h3>{recordings.map(each => <Item key={each.url} text={each.label} onClick={() => { close(); download(each.url); }} />)}</>}
            </>
          )}
        </Popover>
        {about.more && <Popover icon="more" label="More" end>{about.more}</Popover>}
      </Head>
      {about.notice}
      {measures.problem && <p class="problem" role="alert">{measures.problem}</p>}
      <div class="measures">
        <Tabs label="measure" chosen={measure ?? ""} onChoose={name => show({ measure: name })}
          tabs={(measures.value ?? []).map(each => ({ word: each.name, text: measureWord(each.name), note: measured(sumOf(each.name) ?? each), title: each.name }))} />
        {instances.length > 1 && (
          <select class="quiet-select" aria-label="instance" value={query.get("instance") ?? ""} onChange={event => show({ instance: event.currentTarget.value })}>
            <option value="">All instances ({instances.length})</option>
            {instances.map(each => <option key={each}>{each}</option>)}
          </select>
        )}
      </div>
      {measures.value?.length === 0 && <p class="quiet" data-testid="empty">No samples: nothing of what was measured happened during the recording. <Doc to="how-to/when-something-is-wrong.html#a-task-fails-or-brings-less-than-expected">What to do</Doc></p>}
      {asked && pictured ? <Time asked={asked} version={version} /> : measures.value?.length !== 0 && <div class="time"><Skeleton height={TIMELINE_HEIGHT} /></div>}
      {asked && pictured ? <Standing asked={asked} version={version} /> : measures.value?.length !== 0 && <div class="standing" />}
      {!asked && !measures.value && !measures.problem && <><div class="toolbar" /><div class="pane"><Skeleton fill /></div></>}
      {asked && <View asked={asked} version={version} compared={compared} samples={sumOf(measure!)?.samples ?? measures.value?.find(each => each.name === measure)?.samples ?? 0} handle={handle} onPictured={() => setPictured(true)} onFull={() => void (document.fullscreenElement ? document.exitFullscreen() : whole.current!.requestFullscreen())} />}
    </section>
  );
}

/** `12.4 s, 1.3 of 2 cores`. */
const measured = ({ name, unit, total, lengthNanos, coreNanos }: MeasureTotal) =>
  [amount(total, unit), cores(name, unit, total, lengthNanos, coreNanos)].filter(Boolean).join(", ");

type Asked = ReturnType<typeof ask>;

const key = (version: string, asked: Asked, ...more: string[]) => [version, new URLSearchParams(asked.words).toString(), ...more].join(" ");

function range(query: URLSearchParams, prefix: string): Range | null {
  const from = query.get(prefix + "from");
  const to = query.get(prefix + "to");
  if (!from || !to) return null;
  const parsed = { from: nanos(from), to: nanos(to) };
  return Number.isNaN(parsed.from) || Number.isNaN(parsed.to) ? null : parsed;
}

function Time({ asked, version }: { asked: Asked; version: string }) {
  const { query } = useRoute();
  const [asTable, setAsTable] = useState(false);
  const wanted = query.get("time") === "heat";
  const by = query.get("rows") ?? "";
  // The timeline shows all of the time, whatever part of it the rest of the page is about.
  const whole = {
    path: asked.path,
    words: asked.words.filter(([word]) => !["from", "to"].includes(word) && !word.startsWith("base-")),
  };
  const rows: Record<string, string> = by ? { by } : {};
  const own = ask(whole, { cells: CELLS, ...rows });
  const bars = useLoaded(key(version, own), () => rest.timeline(own));
  // How long it is decides how fine the heat map is.
  const grid = wanted && bars.value ? heatGrid(duration(bars.value)) : null;
  const fine = ask(whole, { cell: grid?.cell ?? "", ...rows });
  const cells = useLoaded(grid && key(version, fine), () => rest.timeline(fine));
  const heat = wanted && cells.value ? grid : null;
  const timeline = heat ? cells : bars;
  function slice(next: Slice) {
    show({
      from: next.chosen && seconds(next.chosen.from),
      to: next.chosen && seconds(next.chosen.to),
      "base-from": next.baseline && seconds(next.baseline.from),
      "base-to": next.baseline && seconds(next.baseline.to),
    });
  }
  // Collapsed stacks know no times.
  if (bars.value && duration(bars.value) < NO_TIME_NANOS) return null;
  const tools = (
    <Popover icon="heat" label="Timeline options" pressed={wanted || by !== ""}>
      {close => (
        <>
          <Item text="Heat map" note="events within seconds" chosen={wanted} onClick={() => show({ time: wanted ? null : "heat" })} />
          <label class="field">Split by <select aria-label="split by" value={by} onChange={event => show({ rows: event.currentTarget.value })}>
            {ROWS.map(([word, text]) => <option key={word} value={word}>{text}</option>)}
          </select></label>
          <Item text="Show as a table" onClick={() => { close(); setAsTable(true); }} />
        </>
      )}
    </Popover>
  );
  return (
    <div class="time">
      {(bars.problem ?? cells.problem) && <p class="problem" role="alert">{bars.problem ?? cells.problem}</p>}
      {timeline.value
        ? (
          <Waiting busy={!!timeline.busy}>
            <Timeline timeline={timeline.value} heat={heat} slice={{ chosen: range(query, ""), baseline: range(query, "base-") }} onSlice={slice}
              asTable={asTable} onTable={setAsTable} tools={tools} />
          </Waiting>
        )
        : !bars.problem && <Skeleton height={TIMELINE_HEIGHT} />}
    </div>
  );
}

/** How an export differs from the query of the tables. */
function exportsOf(known: Asked, query: URLSearchParams, compared: boolean): Asked {
  const view = query.get("view") ?? "flame";
  return ask(known, shape(view, query, compared));
}

/** How the stacks are put together, which a flame graph and its exports have in common. */
function shape(view: string, query: URLSearchParams, compared: boolean): Record<string, string> {
  const folds = view === "flame" || view === "reversed";
  return {
    ...(view === "reversed" ? { reversed: "true" } : {}), ...(folds && query.get("fold-recursion") === "true" ? { "fold-recursion": "true" } : {}),
    ...(view === "time" && !compared ? { order: "time" } : {}), ...way(query, compared),
  };
}

/** `normalised` is how addresses asked for shares before there was a choice of three. */
function way(query: URLSearchParams, compared: boolean): Record<string, string> {
  const asked = query.get("compare") ?? (query.get("normalised") === "true" ? "share" : "");
  return compared && asked ? { compare: asked } : {};
}

function View({ asked, version, compared, samples, handle, onPictured, onFull }: {
  asked: Asked; version: string; compared: boolean; /** Of the measure, within the filters. */ samples: number; handle: MutableRef<FlameHandle | null>;
  onPictured: () => void; onFull: () => void;
}) {
  const { query } = useRoute();
  const [matched, setMatched] = useState("");
  const [anyway, setAnyway] = useState(false);
  const view = query.get("view") ?? "flame";
  const colours = (query.get("colours") as ColourBy | null) ?? (compared ? "change" : "package");
  const detail = query.get("detail") ?? "method";
  const ofBaseline = compared && query.get("widths") === "before";
  const known = ask(asked, { detail });
  const folds = view === "flame" || view === "reversed";
  const compare = way(query, compared);
  const nodes = query.get("nodes") ?? NODES;
  const beside = folds && query.get("beside") === "hot";
  const sides = compared && folds && query.get("layout") === "sides";
  const search = query.get("search") ?? "";
  const isGraph = folds || view === "time" || view === "method";
  const drawn = { handle, onMatched: setMatched, onPictured };
  const toggle = (word: string, value = "true") => ({ chosen: query.get(word) === value, onClick: () => show({ [word]: query.get(word) === value ? null : value }) });
  const changed = view === "reversed" || beside || sides || ["root-at", "fold-chains", "fold-recursion", "own", "detail", "colours", "widths"].some(word => query.has(word));
  return (
    <>
      <div class="toolbar">
        <Tabs label="view" chosen={view === "reversed" ? "flame" : view} tabs={VIEWS} onChoose={word => show({ view: word === "flame" ? null : word })} />
        <span class="toolbar-end">
          {view !== "threads" && view !== "tree" && (
            <SearchBox what={view === "hot" ? "methods" : "frames"} query={search} matched={isGraph ? matched : ""} handle={isGraph ? handle : null} onQuery={text => adjust({ search: text })} />
          )}
          <AddFilter />
          <Popover icon="view" text="View" label="How it is shown" end name="form-panel sheet" pressed={changed}>
            {() => (
              <>
                {folds && <div class="field"><span>Direction</span><Segments label="direction" chosen={view} choices={[["flame", "Top-down"], ["reversed", "Bottom-up"]]} onChoose={word => show({ view: word === "flame" ? null : word })} /></div>}
                <div class="field"><span>Detail</span><Segments label="detail" chosen={detail} choices={DETAILS} onChoose={word => show({ detail: word })} /></div>
                {isGraph && (
                  <label class="field">Colours <select aria-label="colours" value={colours} onChange={event => show({ colours: event.currentTarget.value })}>
                    {COLOURS.filter(([each]) => compared || !isChange(each)).map(([each, text]) => <option key={each} value={each}>{text}</option>)}
                  </select></label>
                )}
                {compared && folds && (
                  <>
                    <div class="field"><span>Comparison</span><Segments label="comparison" chosen={sides ? "sides" : ""} choices={[["", "Overlaid"], ["sides", "Side by side"]]} onChoose={word => show({ layout: word })} /></div>
                    {!sides && <div class="field"><span>Widths</span><Segments label="widths" chosen={ofBaseline ? "before" : ""} choices={[["", "Now"], ["before", "Baseline"]]} onChoose={word => show({ widths: word })} /></div>}
                  </>
                )}
                <hr />
                {!ordered(view) && <Item text="Only my code" note="hides libraries, JDK, JVM" {...toggle("own")} />}
                {isGraph && <Item text="Flip" note="the root at the bottom" {...toggle("root-at", "bottom")} />}
                {isGraph && <Item text="Merge single-child frames" note="a chain as one box" {...toggle("fold-chains")} />}
                {folds && <Item text="Collapse recursion" note="each frame once in a stack" {...toggle("fold-recursion")} />}
                {folds && <Item text="Show method list" note="beside the graph" {...toggle("beside", "hot")} />}
              </>
            )}
          </Popover>
          <button type="button" class="quiet square only-wide" aria-label="Full screen" title="Full screen (f)" data-key="f" onClick={onFull}><Icon name="full" /></button>
        </span>
      </div>
      <Chips chosen={range(query, "")} baseline={range(query, "base-")} />
      {folds && (
        <div class={beside ? "pane beside" : sides ? "pane sides" : "pane"}>
          {beside && <Hot asked={ask(known, { limit: LIMIT, ...compare })} version={version} compared={compared} beside />}
          <Graph asked={ask(known, { nodes, ...shape(view, query, compared) })} version={version} colours={colours} ofBaseline={ofBaseline} sides={sides} {...drawn} />
        </div>
      )}
      {view === "time" && (
        <div class="pane">
          {compared
            ? <p class="quiet">Time order cannot be compared. Remove the baseline to see it.</p>
            : samples > TOO_MANY_IN_ORDER && !anyway
            ? (
              <div class="missing">
                <h2>Choose a slice or a thread first</h2>
                <p class="quiet">{`${samples.toLocaleString("en")} samples in the order of time are too many to read. Drag over the timeline, or filter by thread.`}</p>
                <p class="row"><button type="button" class="secondary" onClick={() => show({ view: "threads" })}>Choose a thread</button><button type="button" class="quiet" onClick={() => setAnyway(true)}>Show all anyway</button></p>
              </div>
            )
            : <Graph asked={ask({ ...known, words: known.words.filter(([word]) => word !== "by") }, { nodes, order: "time" })} version={version} colours={colours} ordered {...drawn} />}
        </div>
      )}
      {view === "method" && <div class="pane scrolls" {...(query.get("method") ? {} : SKIPPED_TO)}><Method asked={ask(known, { nodes, ...compare })} version={version} colours={colours} {...drawn} /></div>}
      {view === "tree" && <div class="pane" {...SKIPPED_TO}><Tree asked={ask(known, { nodes, ...compare })} version={version} /></div>}
      {view === "hot" && <div class="pane" {...SKIPPED_TO}><Hot asked={ask(known, { limit: LIMIT, ...compare })} version={version} compared={compared} /></div>}
      {view === "threads" && <div class="pane" {...SKIPPED_TO}><ThreadView asked={ask(asked, { limit: LIMIT })} version={version} /></div>}
    </>
  );
}

/** Views whose picture is waited for. */
const PICTURES = ["flame", "reversed"];

/** Where the link past the controls leads when there is no graph. */
const SKIPPED_TO = { id: "graph", tabIndex: -1 };

const ordered = (view: string) => view === "time" || view === "threads" || view === "method";

function download(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

const toMethod = (name: string) => show({ view: "method", method: name });

/** Filters that a frame's menu sets; patterns that are there already stay. */
function frameActions(query: URLSearchParams): FrameAction[] {
  const add = (word: string) => (name: string) =>
    show({ [word]: query.has(word) ? query.get(word) + "," + pattern(name) : pattern(name) });
  return [
    { label: "Callers and callees", run: toMethod },
    { label: "Start at this frame", run: name => show({ root: pattern(name) }) },
    { label: "Include only stacks with this frame", run: add("include") },
    { label: "Exclude stacks with this frame", run: add("exclude") },
    { label: "Hide this frame", run: add("hide") },
  ];
}

/** How a flame graph is drawn. */
const drawing = (query: URLSearchParams) => ({ upward: query.get("root-at") === "bottom", folded: query.get("fold-chains") === "true", query: query.get("search") ?? "", find: findNames });

/** Changes how sides are compared, in the address. */
const choose = (compare: string) => show({ compare, normalised: null });

/** Nothing is left out of a file without a word: other programs get the profiler's own stacks where they were, a page in a group. */
const exported = (asked: Asked, format: string): Asked => ({
  path: asked.path, words: [...asked.words.filter(([word]) => !["overhead", "idle"].includes(word)), ...(format === "html" ? [["overhead", "group"] as [string, string]] : [])],
});

/** What is to be known of the numbers of a picture or a table. */
function said(of: { measure: string; unit: string; total: number }, facts: Facts, query: URLSearchParams): SaidProps {
  return { facts, measure: of.measure, unit: of.unit, total: of.total, choose, hidden: !query.has("overhead"), onHidden: hidden => show({ overhead: hidden ? null : "group" }),
    idle: of.measure === "wall" ? { hidden: query.get("idle") !== "keep", onHidden: hidden => show({ idle: hidden ? null : "keep" }) } : undefined };
}

interface Controlled {
  handle: MutableRef<FlameHandle | null>;
  onMatched: (matched: string) => void;
  /** There is a picture, or the reason why there is none. */
  onPictured: () => void;
}

function Graph({ asked, version, colours, ordered = false, ofBaseline = false, sides = false, handle, onMatched, onPictured }: Controlled & {
  asked: Asked; version: string; colours: ColourBy; ordered?: boolean; ofBaseline?: boolean; sides?: boolean;
}) {
  const { query } = useRoute();
  const { sourceLink } = useMe();
  const flame = useLoaded(key(version, asked), () => rest.flame(asked));
  const actions = useMemo(() => frameActions(query), [query.toString()]);
  const own = query.get("own") === "true" && !ordered;
  const tree = useMemo(() => flame.value && (own ? layout(onlyOwn(flame.value)) : flame.value), [flame.value, own]);
  const isOver = !!tree || !!flame.problem;
  useEffect(() => { if (isOver) onPictured(); }, [isOver]);
  if (flame.problem) return <p class="problem" role="alert">{flame.problem}</p>;
  if (!tree) return <Skeleton fill />;
  const facts = said(tree, tree.facts, query);
  const source = (name: string, kind: string) => sourceOf(sourceLink ?? "", name, kind);
  const common = {
    tree, place: query.get("zoom"), onPlace: (zoom: string | null) => show({ zoom }), ...drawing(query), colours, actions, source, ordered, legend: <Legend colours={colours} compared={tree.before !== null} />,
    below: ordered || own ? null : (frames: string[]) => rest.flame({ path: asked.path, words: [...asked.words, ...frames.map((name): [string, string] => ["path", name])] }),
  };
  return (
    <Waiting busy={!!flame.busy} fill>
      <Notices {...facts} />
      {tree.total === 0 && !tree.before?.total[0]
        ? <><Sums {...facts} /><p class="quiet">No samples of this measure match the filters.</p></>
        : sides && tree.before
          ? (
            <div class="both">
              <div class="side"><h2>Baseline</h2><Flame {...common} ofBaseline label="baseline" legend={null} /></div>
              <div class="side"><h2>Now</h2><Flame {...common} handle={handle} onMatched={onMatched} label="flame graph" status={<Sums {...facts} />} /></div>
            </div>
          )
          : <Flame {...common} ofBaseline={ofBaseline} handle={handle} onMatched={onMatched} label={ordered ? "time order" : "flame graph"} status={<Sums {...facts} />} />}
    </Waiting>
  );
}

/** Names that a typed one may be completed to. */
const SUGGESTED = 200;

function Method({ asked, version, colours, handle, onMatched }: Omit<Controlled, "onPictured"> & { asked: Asked; version: string; colours: ColourBy }) {
  const { query } = useRoute();
  const method = query.get("method") ?? "";
  const own = ask(asked, { method });
  const callers = useLoaded(method ? key(version, own, "callers") : null, () => rest.callers(own));
  const callees = useLoaded(method ? key(version, own, "callees") : null, () => rest.callees(own));
  const hottest = ask({ path: asked.path, words: asked.words.filter(([word]) => !["nodes", "compare"].includes(word) && !word.startsWith("base-")) }, { limit: String(SUGGESTED), sort: "self" });
  const names = useLoaded(key(version, hottest, "names"), () => rest.hot(hottest));
  const [typed, setTyped] = useState(method);
  useEffect(() => setTyped(method), [method]);
  const actions = useMemo(() => frameActions(query), [query.toString()]);
  const problem = callers.problem ?? callees.problem;
  const graph = (label: string, data: typeof callers, more: typeof rest.callers, zoom: string, controls: Partial<Controlled>) => data.value && (
    <Waiting busy={!!data.busy}>
      <h3>{label}: {amount(data.value.total, data.value.unit)}</h3>
      <Flame tree={data.value} place={query.get(zoom)} onPlace={place => show({ [zoom]: place })} {...drawing(query)} {...controls} colours={colours} actions={actions}
        below={frames => more({ path: own.path, words: [...own.words, ...frames.map((name): [string, string] => ["path", name])] })} label={label} legend={<Legend colours={colours} compared={data.value.before !== null} />} />
    </Waiting>
  );
  return (
    <>
      <form class="row" onSubmit={event => { event.preventDefault(); if (typed.trim()) toMethod(typed.trim()); }}>
        <label class="grows">Method <input class="mono" list="methods" value={typed} placeholder="com.shop.Checkout.pay" onInput={event => setTyped(event.currentTarget.value)} /></label>
        <datalist id="methods">{(names.value?.methods ?? []).map(each => <option key={each.name} value={each.name} />)}</datalist>
        <button type="submit" class="secondary">Show</button>
      </form>
      {!method && names.value && (
        <>
          <p class="quiet">Choose a method, or take one of the hottest:</p>
          <ul class="frames suggested">{names.value.methods.slice(0, 8).map(each => <li key={each.name}><button type="button" class="link mono" onClick={() => toMethod(each.name)}>{each.name}</button></li>)}</ul>
        </>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
      {callers.value && <Notices {...said(callers.value, callers.value.facts, query)} />}
      {graph("Callers", callers, rest.callers, "zoom-callers", { handle, onMatched })}
      {graph("Callees", callees, rest.callees, "zoom-callees", {})}
      {callers.value && <p class="quiet"><Sums {...said(callers.value, { ...callers.value.facts, overhead: undefined }, query)} idle={undefined} /></p>}
    </>
  );
}

function Tree({ asked, version }: { asked: Asked; version: string }) {
  const { query } = useRoute();
  const flame = useLoaded(key(version, asked), () => rest.flame(asked));
  const own = query.get("own") === "true";
  const tree: TreeData | undefined = useMemo(() => flame.value && (own ? layout(onlyOwn(flame.value)) : flame.value), [flame.value, own]);
  if (flame.problem) return <p class="problem" role="alert">{flame.problem}</p>;
  if (!tree) return <Skeleton fill />;
  const facts = said(tree, tree.facts, query);
  return (
    <Waiting busy={!!flame.busy} fill>
      <Notices {...facts} />
      <TreeTable key={`${size(tree)} ${nameOf(tree, 0)} ${key(version, asked)}`} tree={tree} onMethod={toMethod} foot={<Sums {...facts} />} />
    </Waiting>
  );
}

/** @param beside next to a flame graph: a click searches for the method in it */
function Hot({ asked, version, compared, beside = false }: { asked: Asked; version: string; compared: boolean; beside?: boolean }) {
  const { query } = useRoute();
  const sort = query.get("sort") ?? (compared ? "change" : "self");
  const ownAsked = ask(asked, { sort });
  const hot = useLoaded(key(version, ownAsked, "hot"), () => rest.hot(ownAsked));
  const search = query.get("search") ?? "";
  const wanted = beside ? "" : search.toLowerCase();
  const own = query.get("own") === "true";
  const shown = useMemo(
    () => hot.value && {
      ...hot.value,
      methods: hot.value.methods.filter(method => method.name.toLowerCase().includes(wanted) && (!own || categoryOf(method.name, method.kind) === "application")),
    },
    [hot.value, wanted, own]);
  if (hot.problem) return <p class="problem" role="alert">{hot.problem}</p>;
  if (!shown) return <Skeleton fill />;
  const facts = said(shown, shown, query);
  const all = hot.value!;
  const table = {
    hot: shown, sort, onSort: (order: string) => show({ sort: order }),
    foot: <>{all.rows > all.methods.length && <span>The first {all.methods.length.toLocaleString("en")} of {all.rows.toLocaleString("en")} methods.</span>}{!beside && <Sums {...facts} />}</>,
  };
  return (
    <Waiting busy={!!hot.busy} fill>
      {!beside && <Notices {...facts} />}
      {beside
        ? <HotTable {...table} beside={{ current: search }} onMethod={name => adjust({ search: name === search ? "" : name })} />
        : <HotTable {...table} onMethod={toMethod} />}
    </Waiting>
  );
}

function ThreadView({ asked, version }: { asked: Asked; version: string }) {
  const { query } = useRoute();
  const fold = query.get("fold") === "true";
  const own = ask({ path: asked.path, words: asked.words.filter(([word]) => !["detail", "by"].includes(word)) }, fold ? { fold: "true" } : {});
  const threads = useLoaded(key(version, own, "threads"), () => rest.threads(own));
  if (threads.problem) return <p class="problem" role="alert">{threads.problem}</p>;
  if (!threads.value) return <Skeleton fill />;
  const facts = said(threads.value, threads.value, query);
  return (
    <Waiting busy={!!threads.busy} fill>
      <Notices {...facts} />
      <label class="check"><input type="checkbox" checked={fold} onChange={event => show({ fold: event.currentTarget.checked ? "true" : null })} /> Group thread pools (http-nio-8080-exec-*)</label>
      <ThreadTable threads={threads.value} onThread={name => show({ threads: pattern(name), view: null })} foot={<Sums {...facts} />} />
    </Waiting>
  );
}
