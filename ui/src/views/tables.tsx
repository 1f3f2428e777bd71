import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Hot, HotMethod, ThreadRow, Threads } from "../api/rest";
import { amount, percent } from "../lib/format";
import { beside, more } from "../lib/frame";
import { children, isOneSided, nameOf, type Tree } from "../lib/tree";
import { measureWord } from "../lib/words";
import { Rows, type Column } from "./rows";

/** Methods by what they used themselves, or with what they called. */
export function HotTable({ hot, sort, onSort, beside, onMethod, foot }: {
  foot?: ComponentChildren;
  hot: Hot; sort: string; onSort: (sort: string) => void;
  /** Next to a flame graph, in which this method is shown: then there is less room. */
  beside?: { current: string };
  onMethod: (name: string) => void;
}) {
  const columns: Column<HotMethod>[] = [{ title: "Self", number: true, sort: "self", text: method => percent(method.self, hot.total) }];
  if (!beside) {
    columns.push({ title: "Self value", number: true, aside: true, text: method => amount(method.self, hot.unit) });
    if (hot.intervalNanos) columns.push({ title: "Self samples", number: true, aside: true, text: method => (method.selfSamples ?? 0).toLocaleString("en") });
  }
  columns.push({ title: "Total", number: true, sort: "total", text: method => percent(method.total, hot.total) });
  const share = hot.compare === "share";
  if (hot.scale !== undefined) {
    columns.push(
      { title: "Self before", number: true, text: method => (share ? percent(method.baselineSelf!, hot.baselineTotal!) : amount(method.baselineSelf! * hot.scale!, hot.unit)) },
      {
        title: "Change of self", number: true, sort: "change",
        text: method => more(share
          ? { now: method.self, before: method.baselineSelf!, unit: hot.unit, wholes: [hot.total, hot.baselineTotal!] }
          : { now: method.self, before: method.baselineSelf! * hot.scale!, unit: hot.unit, wholes: null }),
      },
      { title: "", text: method => (method.baselineTotal === 0 ? "new" : method.total === 0 ? "gone" : "") },
    );
  }
  columns.push({
    title: "Method",
    text: method => method.name,
    cell: method => (
      <button type="button" class="plain mono" title={beside ? method.name : "callers and callees"} onClick={() => onMethod(method.name)}>
        {beside ? withoutPackage(method.name) : method.name}
      </button>
    ),
  });
  return (
    <Rows rows={hot.methods} columns={columns} sort={sort} onSort={onSort} isCurrent={method => method.name === beside?.current}
      testId="hot" label="top methods" foot={foot} />
  );
}

/** Of a Java method, by its usual spelling: packages begin small, classes do not. */
const withoutPackage = (name: string) => name.replace(/^(?:[a-z][\w$]*\.)+(?=[A-Z])/, "");

export function ThreadTable({ threads, onThread, foot }: { threads: Threads; onThread: (name: string) => void; foot?: ComponentChildren }) {
  const some = (is: (thread: ThreadRow) => boolean) => threads.threads.some(is);
  const columns: Column<ThreadRow>[] = [
    {
      title: "Thread",
      text: thread => thread.name,
      cell: thread => <button type="button" class="plain mono" title="only this thread" onClick={() => onThread(thread.name)}>{thread.name}</button>,
    },
    { title: "Share", number: true, text: thread => percent(thread.total, threads.total) },
    { title: measureWord(threads.measure), number: true, text: thread => amount(thread.total, threads.unit) },
  ];
  // What says the same in each row, or the same as another column, is not said.
  if (some(thread => thread.samples !== thread.total)) columns.push({ title: "Samples", number: true, aside: true, text: thread => thread.samples.toLocaleString("en") });
  if (some(thread => thread.threads > 1)) columns.push({ title: "Threads", number: true, text: thread => thread.threads.toLocaleString("en") });
  if (some(thread => Object.keys(thread.states).some(state => state !== ""))) {
    columns.push({ title: "States", text: thread => states(thread) });
  }
  return <Rows rows={threads.threads} columns={columns} testId="threads" label="threads" foot={foot} />;
}

/** The states by their part of the thread's value, the largest first. */
const states = (thread: ThreadRow) => Object.entries(thread.states)
  .sort(([, a], [, b]) => b - a)
  .map(([state, value]) => `${state || "state unknown"} ${percent(value, thread.total)}`)
  .join(", ");

/** Nothing is told apart any more by going further to the right. */
const DEEPEST_INDENT = 40;

/** The flame graph as a table: opened node by node, the largest first. */
export function TreeTable({ tree, onMethod, foot }: { tree: Tree; onMethod: (name: string) => void; foot?: ComponentChildren }) {
  const [open, setOpen] = useState<Set<number>>(() => mainPath(tree));
  const rows = useMemo(() => opened(tree, open), [tree, open]);
  const toggle = (node: number) => {
    const next = new Set(open);
    if (!next.delete(node)) next.add(node);
    setOpen(next);
  };
  const cells: Column<number>[] = [
    { title: "Total", number: true, text: node => percent(tree.width[node]!, tree.total) },
    { title: "Total value", number: true, aside: true, text: node => amount(tree.width[node]!, tree.unit) },
    { title: "Of caller", number: true, aside: true, text: node => (node > 0 ? percent(tree.width[node]!, tree.width[tree.parent[node]!]!) : "") },
    { title: "Self", number: true, text: node => percent(tree.self[node]!, tree.total) },
    ...(tree.before ? [
      { title: "Before", number: true, text: (node: number) => beside(tree, node) },
      {
        title: "Change", number: true,
        text: (node: number) => more({
          now: tree.width[node]!, before: tree.before!.total[node]!, unit: tree.unit,
          wholes: tree.facts.compare === "share" ? [tree.total, tree.before!.total[0]!] : null,
        }),
      },
      { title: "", text: (node: number) => (isOneSided(tree, node) ? "new" : tree.width[node] === 0 && node > 0 ? "gone" : "") },
    ] : []),
    {
      title: "Frame",
      text: node => "  ".repeat(tree.depth[node]!) + nameOf(tree, node),
      cell: node => {
        const leaf = children(tree, node).length === 0;
        const name = nameOf(tree, node);
        return (
          <span class="mono" style={{ paddingLeft: Math.min(DEEPEST_INDENT, tree.depth[node]!) * 12 + "px" }}>
            {leaf
              ? <span class="toggle" />
              : <button type="button" class="plain toggle" aria-expanded={open.has(node)} aria-label={`open ${name}`} onClick={() => toggle(node)}>{open.has(node) ? "▾" : "▸"}</button>}
            <button type="button" class="plain mono" onClick={() => onMethod(name)}>{name}</button>
            {tree.rest[node]! > 0 && <span class="quiet"> (and {amount(tree.rest[node]!, tree.unit)} too small to draw)</span>}
          </span>
        );
      },
    },
  ];
  return (
    <>
      <p class="row table-tools">
        <button type="button" class="quiet small" onClick={() => setOpen(mainPath(tree))}>Expand the main path</button>
        <button type="button" class="quiet small" onClick={() => setOpen(new Set(tree.parent.keys()))}>Expand all {tree.parent.length.toLocaleString("en")}</button>
        <button type="button" class="quiet small" onClick={() => setOpen(new Set([0]))}>Collapse all</button>
      </p>
      <Rows rows={rows} columns={cells} testId="tree" label="call tree" foot={foot} />
    </>
  );
}

/** Open from the start: down the largest children, as long as they are most of it. */
function mainPath(tree: Tree): Set<number> {
  const open = new Set<number>([0]);
  let node = 0;
  for (;;) {
    const next = children(tree, node)[0];
    if (next === undefined || tree.width[next]! < tree.total * 0.25) return open;
    open.add(next);
    node = next;
  }
}

/** The nodes in sight, in preorder. */
function opened(tree: Tree, open: Set<number>): number[] {
  const rows: number[] = [];
  for (let node = 0; node < tree.parent.length; node = open.has(node) ? node + 1 : tree.end[node]!) rows.push(node);
  return rows;
}
