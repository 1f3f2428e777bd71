// The page inside an HTML export: one file, no server. Its flame graphs are in it, packed as docs/formats/flame-v2.md says.

import { render, type ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ColourBy } from "./lib/colour";
import { decode, withoutOverhead, type Columns } from "./lib/columns";
import { amount } from "./lib/format";
import { matching } from "./lib/names";
import { layout, type Tree } from "./lib/tree";
import { startTheme } from "./state/theme";
import { Colours, Legend } from "./views/colours";
import { Said } from "./views/compared";
import { Flame } from "./views/flame/flame";
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
  const hidden = query.get("overhead") !== "group";
  // All is in the file; what the profiler itself did is hidden until somebody asks for it.
  const trees: Tree[] = useMemo(() => columns.map(each => layout(hidden ? withoutOverhead(each) : each)), [columns, hidden]);
  const tree = trees.find(each => each.measure === query.get("measure")) ?? trees[0]!;
  const colours = (query.get("colours") as ColourBy | null) ?? (tree.before ? "change" : "package");
  const ofBaseline = tree.before !== null && query.get("widths") === "before";
  const asTable = query.get("view") === "tree";
  return (
    <main>
      <div class="row"><h1>{document.title}</h1><span class="end"><ThemeChoice /></span></div>
      <div class="row tabs">
        {trees.map(each => (
          <button key={each.measure} type="button" aria-pressed={each === tree} onClick={() => change({ measure: each.measure, zoom: null })}>
            {each.measure} <span class="quiet">{amount(each.total, each.unit)}</span>
          </button>
        ))}
        <span class="end row">
          <button type="button" aria-pressed={asTable} onClick={() => change({ view: asTable ? null : "tree" })}>Call tree</button>
          {tree.before && <button type="button" aria-pressed={ofBaseline} onClick={() => change({ widths: ofBaseline ? null : "before" })}>Baseline widths</button>}
          <Colours colours={colours} compared={tree.before !== null} onColours={each => change({ colours: each })} />
        </span>
      </div>
      {!asTable && <Legend colours={colours} compared={tree.before !== null} />}
      <Said facts={tree.facts} measure={tree.measure} unit={tree.unit} total={tree.total} choose={null} hidden={hidden} onHidden={hide => change({ overhead: hide ? null : "group", zoom: null })} />
      {tree.total === 0 && !tree.before?.total[0]
        ? <p class="quiet">No samples.</p>
        : asTable
          ? <TreeTable key={tree.measure} tree={tree} onMethod={name => change({ view: null, search: name })} />
          : <Flame tree={tree} ofBaseline={ofBaseline} place={query.get("zoom")} onPlace={zoom => change({ zoom })}
              upward={query.get("root-at") === "bottom"} onUpward={upward => change({ "root-at": upward ? "bottom" : null })}
              folded={query.get("fold-chains") === "true"} onFolded={folded => change({ "fold-chains": folded ? "true" : null })}
              query={query.get("search") ?? ""} onQuery={search => change({ search })} find={async (names, text) => matching(names, text)}
              colours={colours} actions={[]} below={null} label="flame graph" />}
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
