import { useMemo, useState } from "preact/hooks";
import { rest, type MeasureTotal } from "../api/rest";
import { findNames } from "../api/worker";
import type { ColourBy } from "../lib/colour";
import { amount, clock, cores, nanos, seconds } from "../lib/format";
import { ask, isComparison, pattern, question } from "../lib/question";
import { EXPORTS, OFFERED } from "../lib/vocabulary";
import type { Facts } from "../lib/columns";
import { duration, heatGrid, type Range } from "../lib/timeline";
import { useLoaded } from "../state/load";
import { adjust, show, useRoute } from "../state/route";
import { Colours, Legend } from "./colours";
import { CompareWith } from "./compare";
import { Said } from "./compared";
import { Flame } from "./flame/flame";
import type { FrameAction } from "./flame/menu";
import { HotTable, ThreadTable, TreeTable } from "./tables";
import { Timeline, type Slice } from "./timeline";

const DETAILS = ["line", "method", "class", "package"];
const ROWS = ["", "thread", "threads", "instance", "state"];
const NODES = "50000";
/** As many as a server allows that is set up as it comes. */
const LIMIT = "100000";
const CELLS = "300";
const NO_TIME_NANOS = 1e6;

const VIEWS: { word: string; label: string }[] = [
  { word: "flame", label: "Flame graph" },
  { word: "reversed", label: "Bottom-up" },
  { word: "time", label: "Time order" },
  { word: "hot", label: "Hot methods" },
  { word: "method", label: "Callers and callees" },
  { word: "tree", label: "Call tree" },
  { word: "threads", label: "Threads" },
];

/** A profile from all sides; what is shown is in the address. `version` changes when there are more profiles. */
export function Explore({ path, version, instances, service, recordings = [] }: {
  path: string;
  version: string;
  instances: string[];
  /** Whose tasks are offered to compare with; those of all when it is not known. */
  service?: string;
  /** What it was made of, to be downloaded. */
  recordings?: { label: string; url: string }[];
}) {
  const { query } = useRoute();
  const measures = useLoaded(["measures", version, ...query.getAll("instance")].join(" "), () => rest.measures(question(path, query)));
  const measure = query.get("measure") ?? measures.value?.[0]?.name;
  const base = ask(question(path, query), { overhead: query.get("overhead") ?? "hide" });
  // What the tabs say is of the same samples as the picture: of the slice, the threads, the filters.
  const inside = { path, words: base.words.filter(([word]) => !word.startsWith("base-") && !["measure", "detail", "by"].includes(word)) };
  const sums = useLoaded(measures.value ? key(version, inside, "sums") : null, () => rest.sums(inside));
  const sumOf = (name: string) => sums.value?.find(each => each.name === name);
  const asked = measure ? ask(base, { measure }) : null;
  const compared = isComparison(query);
  return (
    <section aria-label="profile">
      {measures.problem && <p class="problem" role="alert">{measures.problem}</p>}
      <div class="row tabs" role="group" aria-label="measure">
        {(measures.value ?? []).map(each => (
          <button key={each.name} type="button" aria-pressed={each.name === measure} onClick={() => show({ measure: each.name })}>
            {each.name} <span class="quiet">{measured(sumOf(each.name) ?? each)}</span>
          </button>
        ))}
        <span class="end row">
        {instances.length > 1 && (
          <label>Instance <select value={query.get("instance") ?? ""} onChange={event => show({ instance: event.currentTarget.value })}>
            <option value="">All ({instances.length})</option>
            {instances.map(each => <option key={each}>{each}</option>)}
          </select></label>
        )}
        <CompareWith path={path} service={service} instances={instances} />
        </span>
      </div>
      {measures.value?.length === 0 && <p class="quiet" data-testid="empty">No samples: nothing of what was measured happened during the recording.</p>}
      {asked && <Time asked={asked} version={version} />}
      <Filters />
      {asked && <View asked={asked} version={version} compared={compared} recordings={recordings} />}
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
  const chosen = range(query, "");
  const baseline = range(query, "base-");
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
  return (
    <div class="time">
      <div class="row">
        <button type="button" aria-pressed={wanted} onClick={() => show({ time: wanted ? null : "heat" })}>Heat map</button>
        <label>Split by: <select value={by} onChange={event => show({ rows: event.currentTarget.value })}>
          {ROWS.map(each => <option key={each} value={each}>{each || "none"}</option>)}
        </select></label>
        {chosen && <Chip text={`${clock(chosen.from)} to ${clock(chosen.to)}`} onClear={() => show({ from: null, to: null })} />}
        {baseline && <Chip text={`Baseline: ${clock(baseline.from)} to ${clock(baseline.to)}`} onClear={() => show({ "base-from": null, "base-to": null })} />}
      </div>
      {(bars.problem ?? cells.problem) && <p class="problem" role="alert">{bars.problem ?? cells.problem}</p>}
      {timeline.value && <Timeline timeline={timeline.value} heat={heat} slice={{ chosen, baseline }} onSlice={slice} />}
    </div>
  );
}

function Chip({ text, onClear }: { text: string; onClear: () => void }) {
  return <span class="chip">{text} <button type="button" class="plain" aria-label={`remove ${text}`} onClick={onClear}>×</button></span>;
}

function Filters() {
  const { query } = useRoute();
  const [word, setWord] = useState(OFFERED[0]!.word);
  const [text, setText] = useState("");
  const set = OFFERED.filter(filter => query.has(filter.word));
  const hint = OFFERED.find(filter => filter.word === word)!.hint;
  return (
    <form class="row filters" onSubmit={event => {
      event.preventDefault();
      if (text.trim()) show({ [word]: text.trim() });
      setText("");
    }}>
      <select aria-label="filter" value={word} onChange={event => setWord(event.currentTarget.value)}>
        {OFFERED.map(filter => <option key={filter.word} value={filter.word}>{filter.label}</option>)}
      </select>
      <input aria-label="pattern of the filter" placeholder={hint} value={text} onInput={event => setText(event.currentTarget.value)} />
      <button type="submit">Filter</button>
      {set.map(filter => (
        <Chip key={filter.word} text={`${filter.label}: ${query.get(filter.word)}`} onClear={() => show({ [filter.word]: null })} />
      ))}
      {["task", "file", "instance"].map(kind => query.has("base-" + kind) && (
        <Chip key={kind} text={`Baseline: ${kind} ${query.get("base-" + kind)}`} onClear={() => show({ ["base-" + kind]: null })} />
      ))}
    </form>
  );
}

function View({ asked, version, compared, recordings }: {
  asked: Asked; version: string; compared: boolean; recordings: { label: string; url: string }[];
}) {
  const { query } = useRoute();
  const view = query.get("view") ?? "flame";
  const colours = (query.get("colours") as ColourBy | null) ?? (compared ? "change" : "package");
  const detail = query.get("detail") ?? "method";
  // `normalised` is how addresses asked for shares before there was a choice of three.
  const way = query.get("compare") ?? (query.get("normalised") === "true" ? "share" : "");
  const compare: Record<string, string> = compared && way ? { compare: way } : {};
  const ofBaseline = compared && query.get("widths") === "before";
  const known = ask(asked, { detail });
  const folds = view === "flame" || view === "reversed";
  const shape: Record<string, string> = {
    ...(view === "reversed" ? { reversed: "true" } : {}), ...(folds && query.get("fold-recursion") === "true" ? { "fold-recursion": "true" } : {}),
    ...(view === "time" && !compared ? { order: "time" } : {}), ...compare,
  };
  const nodes = query.get("nodes") ?? NODES;
  const beside = folds && query.get("beside") === "hot";
  return (
    <>
      <div class="row tabs" role="group" aria-label="view">
        {VIEWS.map(each => (
          <button key={each.word} type="button" aria-pressed={each.word === view} onClick={() => show({ view: each.word === "flame" ? null : each.word })}>{each.label}</button>
        ))}
        <span class="end row">
          {folds && (
            <>
              <button type="button" aria-pressed={beside} onClick={() => show({ beside: beside ? null : "hot" })}>Show method list</button>
              <button type="button" aria-pressed={query.get("fold-recursion") === "true"} title="Draws each frame at most once in a stack, at its outermost call"
                onClick={() => show({ "fold-recursion": query.get("fold-recursion") === "true" ? null : "true" })}>Collapse recursion</button>
            </>
          )}
          <label>Detail: <select value={detail} aria-label="detail" onChange={event => show({ detail: event.currentTarget.value })}>
            {DETAILS.map(each => <option key={each}>{each}</option>)}
          </select></label>
          {compared && folds && (
            <label>Widths: <select aria-label="widths" value={ofBaseline ? "before" : ""} onChange={event => show({ widths: event.currentTarget.value })}>
              <option value="">now</option>
              <option value="before">baseline</option>
            </select></label>
          )}
          <Colours colours={colours} compared={compared} onColours={each => show({ colours: each })} />
          <label>Export <select value="" onChange={event => {
            download(event.currentTarget.value);
            event.currentTarget.value = "";
          }}>
            <option value="">…</option>
            <optgroup label="what is shown">
              {EXPORTS.map(each => <option key={each} value={rest.exportUrl(exported(ask(known, shape), each), each)}>{each}</option>)}
            </optgroup>
            {recordings.length > 0 && (
              <optgroup label="recordings">{recordings.map(each => <option key={each.url} value={each.url}>{each.label}</option>)}</optgroup>
            )}
          </select></label>
        </span>
      </div>
      {["flame", "reversed", "time", "method"].includes(view) && <Legend colours={colours} compared={compared} />}
      {folds && (
        <div class={beside ? "beside" : ""}>
          {beside && <div><Hot asked={ask(known, { limit: LIMIT, ...compare })} version={version} compared={compared} beside /></div>}
          <div><Graph asked={ask(known, { nodes, ...shape })} version={version} colours={colours} ofBaseline={ofBaseline} /></div>
        </div>
      )}
      {view === "time" && (compared
        ? <p class="quiet">Time order cannot be compared. Remove the baseline to see it.</p>
        : <Graph asked={ask({ ...known, words: known.words.filter(([word]) => word !== "by") }, { nodes, order: "time" })} version={version} colours={colours} ordered />)}
      {view === "method" && <Method asked={ask(known, { nodes, ...compare })} version={version} colours={colours} />}
      {view === "tree" && <Tree asked={ask(known, { nodes, ...compare })} version={version} />}
      {view === "hot" && <Hot asked={ask(known, { limit: LIMIT, ...compare })} version={version} compared={compared} />}
      {view === "threads" && <ThreadView asked={ask(asked, { limit: LIMIT })} version={version} />}
    </>
  );
}

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
const drawing = (query: URLSearchParams) => ({
  upward: query.get("root-at") === "bottom",
  onUpward: (upward: boolean) => show({ "root-at": upward ? "bottom" : null }),
  folded: query.get("fold-chains") === "true",
  onFolded: (folded: boolean) => show({ "fold-chains": folded ? "true" : null }),
});

/** Changes how sides are compared, in the address. */
const choose = (compare: string) => show({ compare, normalised: null });

/** Nothing is left out of a file without a word: other programs get the profiler's own stacks where they were, a page in a group. */
const exported = (asked: Asked, format: string): Asked => ({
  path: asked.path, words: [...asked.words.filter(([word]) => word !== "overhead"), ...(format === "html" ? [["overhead", "group"] as [string, string]] : [])],
});

/** What is to be known of the numbers above a picture or a table. */
function Told({ of }: { of: { measure: string; unit: string; total: number; facts: Facts } }) {
  const { query } = useRoute();
  return <Said facts={of.facts} measure={of.measure} unit={of.unit} total={of.total} choose={choose}
    hidden={!query.has("overhead")} onHidden={hidden => show({ overhead: hidden ? null : "group" })} />;
}

function Graph({ asked, version, colours, ordered = false, ofBaseline = false }: {
  asked: Asked; version: string; colours: ColourBy; ordered?: boolean; ofBaseline?: boolean;
}) {
  const { query } = useRoute();
  const flame = useLoaded(key(version, asked), () => rest.flame(asked));
  const actions = useMemo(() => frameActions(query), [query.toString()]);
  if (flame.problem) return <p class="problem" role="alert">{flame.problem}</p>;
  if (!flame.value) return <p class="quiet">Loading…</p>;
  const said = <Told of={flame.value} />;
  if (flame.value.total === 0 && !flame.value.before?.total[0]) return <>{said}<p class="quiet">No samples of this measure match the filters.</p></>;
  return (<>{said}
    <Flame tree={flame.value} ofBaseline={ofBaseline} place={query.get("zoom")} onPlace={zoom => show({ zoom })} {...drawing(query)} query={query.get("search") ?? ""} onQuery={text => adjust({ search: text })} find={findNames} colours={colours} actions={actions}
      below={ordered ? null : frames => rest.flame({ path: asked.path, words: [...asked.words, ...frames.map((name): [string, string] => ["path", name])] })}
      ordered={ordered} label={ordered ? "time order" : "flame graph"} />
  </>);
}

function Method({ asked, version, colours }: { asked: Asked; version: string; colours: ColourBy }) {
  const { query } = useRoute();
  const method = query.get("method") ?? "";
  const own = ask(asked, { method });
  const callers = useLoaded(method ? key(version, own, "callers") : null, () => rest.callers(own));
  const callees = useLoaded(method ? key(version, own, "callees") : null, () => rest.callees(own));
  const [typed, setTyped] = useState(method);
  const actions = useMemo(() => frameActions(query), [query.toString()]);
  const problem = callers.problem ?? callees.problem;
  const graph = (label: string, data: typeof callers, more: typeof rest.callers, zoom: string) => data.value && (
    <>
      <h3>{label}: {amount(data.value.total, data.value.unit)}</h3>
      <Flame tree={data.value} place={query.get(zoom)} onPlace={place => show({ [zoom]: place })} {...drawing(query)} query={query.get("search") ?? ""} onQuery={text => adjust({ search: text })} find={findNames} colours={colours} actions={actions}
        below={frames => more({ path: own.path, words: [...own.words, ...frames.map((name): [string, string] => ["path", name])] })} label={label} />
    </>
  );
  return (
    <>
      <form class="row" onSubmit={event => { event.preventDefault(); toMethod(typed); }}>
        <label>Method <input size={60} value={typed} placeholder="com.shop.Checkout.pay" onInput={event => setTyped(event.currentTarget.value)} /></label>
        <button type="submit">Show</button>
      </form>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {callers.value && <Told of={{ ...callers.value, facts: { ...callers.value.facts, overhead: undefined } }} />}
      {graph("Callers", callers, rest.callers, "zoom-callers")}
      {graph("Callees", callees, rest.callees, "zoom-callees")}
    </>
  );
}

function Tree({ asked, version }: { asked: Asked; version: string }) {
  const flame = useLoaded(key(version, asked), () => rest.flame(asked));
  if (flame.problem) return <p class="problem" role="alert">{flame.problem}</p>;
  return flame.value
    ? <><Told of={flame.value} /><TreeTable key={key(version, asked)} tree={flame.value} onMethod={toMethod} /></>
    : <p class="quiet">Loading…</p>;
}

/** @param beside next to a flame graph: a click searches for the method in it */
function Hot({ asked, version, compared, beside = false }: { asked: Asked; version: string; compared: boolean; beside?: boolean }) {
  const { query } = useRoute();
  const sort = query.get("sort") ?? (compared ? "change" : "self");
  const own = ask(asked, { sort });
  const hot = useLoaded(key(version, own, "hot"), () => rest.hot(own));
  const search = query.get("search") ?? "";
  const wanted = beside ? "" : search.toLowerCase();
  const shown = useMemo(
    () => hot.value && { ...hot.value, methods: hot.value.methods.filter(method => method.name.toLowerCase().includes(wanted)) },
    [hot.value, wanted]);
  if (hot.problem) return <p class="problem" role="alert">{hot.problem}</p>;
  if (!shown) return <p class="quiet">Loading…</p>;
  const table = { hot: shown, sort, onSort: (order: string) => show({ sort: order }) };
  return (
    <>
      {!beside && <Told of={{ ...shown, facts: shown }} />}
      {!beside && <input type="search" placeholder="search methods" aria-label="search methods" value={search} onInput={event => adjust({ search: event.currentTarget.value })} />}
      {beside
        ? <HotTable {...table} beside={{ current: search }} onMethod={name => adjust({ search: name === search ? "" : name })} />
        : <HotTable {...table} onMethod={toMethod} />}
      {hot.value!.rows > hot.value!.methods.length && <p class="quiet">The first {hot.value!.methods.length.toLocaleString("en")} of {hot.value!.rows.toLocaleString("en")} methods.</p>}
    </>
  );
}

function ThreadView({ asked, version }: { asked: Asked; version: string }) {
  const { query } = useRoute();
  const fold = query.get("fold") === "true";
  const own = ask({ path: asked.path, words: asked.words.filter(([word]) => !["detail", "by"].includes(word)) }, fold ? { fold: "true" } : {});
  const threads = useLoaded(key(version, own, "threads"), () => rest.threads(own));
  if (threads.problem) return <p class="problem" role="alert">{threads.problem}</p>;
  if (!threads.value) return <p class="quiet">Loading…</p>;
  return (
    <>
      <Told of={{ ...threads.value, facts: threads.value }} />
      <label><input type="checkbox" checked={fold} onChange={event => show({ fold: event.currentTarget.checked ? "true" : null })} /> Group thread pools (http-nio-8080-exec-*)</label>
      <ThreadTable threads={threads.value} onThread={name => show({ threads: pattern(name), view: null })} />
    </>
  );
}
