// The page inside an HTML export: one file, no server. Its flame graphs are in it, packed as docs/formats/flame-v2.md says.

import { render, type ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { COLOURS, isChange, type ColourBy } from "./lib/colour";
import { decode, withoutOverhead, type Columns } from "./lib/columns";
import { amount } from "./lib/format";
import { matching } from "./lib/names";
import { layout, type Tree } from "./lib/tree";
import { startTheme } from "./state/theme";
import { onlyOwn } from "./lib/own";
import { measureWord } from "./lib/words";
import { Legend } from "./views/colours";
import { Notices, Sums, type SaidProps } from "./views/compared";
import { Flame, type FlameHandle } from "./views/flame/flame";
import { Item, Popover } from "./views/kit/popover";
import { Tabs } from "./views/kit/tabs";
import { Toasts } from "./views/kit/toast";
import { SearchBox } from "./views/search";
import { TreeTable } from "./views/tables";
import { ThemeChoice } from "./views/theme";

async function unpack(element: HTMLElement): Promise<Columns> {
  const packed = await fetch("data:application/gzip;base64," + element.textContent!.trim());
  const bytes = await new Response(packed.body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  return decode(bytes);
}

/** What is shown is in the address, behind the #: no server sees it. */
function useAddress(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const read = () => new URLSearchParams(location.hash.slice(1));
  const [query, set] = useState(read);
  useEffect(() => {
    const changed = () => set(read());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return [query, changes => {
    const next = read();
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    history.replaceState(null, "", "#" + next);
    set(next);
  }];
}

function Standalone({ columns }: { columns: Columns[] }) {
  const [query, change] = useAddress();
  const [matched, setMatched] = useState("");
  const handle = useRef<FlameHandle | null>(null);
  const hidden = query.get("overhead") !== "group";
  const own = query.get("own") === "true";
  // All is in the file; what the profiler itself did is hidden until somebody asks for it.
  const trees: Tree[] = useMemo(() => columns.map(each => {
    const shown = hidden ? withoutOverhead(each) : each;
    return layout(own ? onlyOwn(shown) : shown);
  }), [columns, hidden, own]);
  const tree = trees.find(each => each.measure === query.get("measure")) ?? trees[0]!;
  const compared = tree.before !== null;
  const colours = (query.get("colours") as ColourBy | null) ?? (compared ? "change" : "package");
  const ofBaseline = compared && query.get("widths") === "before";
  const asTable = query.get("view") === "tree";
  const search = query.get("search") ?? "";
  const facts: SaidProps = {
    facts: tree.facts, measure: tree.measure, unit: tree.unit, total: tree.total, choose: null, hidden, onHidden: hide => change({ overhead: hide ? null : "group", zoom: null }),
  };
  const toggle = (word: string, value = "true") => ({ chosen: query.get(word) === value, onClick: () => change({ [word]: query.get(word) === value ? null : value }) });
  return (
    <main class="full standalone">
      <header class="head"><h1>{document.title}</h1><div class="head-actions"><ThemeChoice /></div></header>
      <div class="measures">
        <Tabs label="measure" chosen={tree.measure} onChoose={measure => change({ measure, zoom: null })}
          tabs={trees.map(each => ({ word: each.measure, text: measureWord(each.measure), note: amount(each.total, each.unit) }))} />
      </div>
      <div class="toolbar">
        <Tabs label="view" chosen={asTable ? "tree" : "flame"} tabs={[{ word: "flame", text: "Flame graph" }, { word: "tree", text: "Tree" }]} onChoose={view => change({ view: view === "tree" ? view : null })} />
        <span class="toolbar-end">
          {!asTable && <SearchBox what="frames" query={search} matched={matched} handle={handle} onQuery={text => change({ search: text })} />}
          <Popover icon="view" text="View" label="How it is shown" end name="form-panel">
            {() => (
              <>
                <label class="field">Colours <select aria-label="colours" value={colours} onChange={event => change({ colours: event.currentTarget.value })}>
                  {COLOURS.filter(([each]) => compared || !isChange(each)).map(([each, text]) => <option key={each} value={each}>{text}</option>)}
                </select></label>
                <Item text="Only my code" note="hides libraries, JDK, JVM" {...toggle("own")} />
                <Item text="Flip" note="the root at the bottom" {...toggle("root-at", "bottom")} />
                <Item text="Merge single-child frames" note="a chain as one box" {...toggle("fold-chains")} />
                {compared && <Item text="Baseline widths" {...toggle("widths", "before")} />}
              </>
            )}
          </Popover>
        </span>
      </div>
      <div class="pane">
        <Notices {...facts} />
        {tree.total === 0 && !tree.before?.total[0]
          ? <p class="quiet">No samples.</p>
          : asTable
            ? <TreeTable key={tree.measure} tree={tree} onMethod={name => change({ view: null, search: name })} foot={<Sums {...facts} />} />
            : <Flame tree={tree} ofBaseline={ofBaseline} place={query.get("zoom")} onPlace={zoom => change({ zoom })}
                upward={query.get("root-at") === "bottom"} folded={query.get("fold-chains") === "true"} query={search} find={async (names, text) => matching(names, text)}
                handle={handle} onMatched={setMatched} colours={colours} actions={[]} below={null} label="flame graph"
                legend={<Legend colours={colours} compared={compared} />} status={<Sums {...facts} />} />}
      </div>
      <Toasts />
    </main>
  );
}

startTheme();
const packed = [...document.querySelectorAll<HTMLElement>("script[type='application/vnd.davylamp.flame']")];
const app = document.getElementById("app")!;
const show = (what: ComponentChildren) => {
  app.replaceChildren();
  render(what, app);
};
Promise.all(packed.map(unpack)).then(
  columns => show(<Standalone columns={columns} />),
  e => show(<p class="problem" role="alert">This file is damaged: {String(e)}</p>),
);
