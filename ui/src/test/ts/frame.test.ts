import { foldChains } from "../../lib/chains";
import { changeOf, describe } from "../../lib/frame";
import { callee, caller, nextMatch, sibling } from "../../lib/moves";
import { fromBaseline, layout, nameOf } from "../../lib/tree";
import { named, tree } from "./trees";
import { equal, test } from "./testing";

const shop = tree("main;pay;tax 3", "main;pay;db 5", "main;pay 2", "main;idle 4", "gc_[cpp] 6");

test("a frame is described by its value, its share, what it used itself and its kind", () =>
  equal(describe(shop, named(shop, "pay")), "pay — 10 samples, 50.0 %, self 2 samples, 10.0 %, JIT-compiled"));

test("the root has no kind", () => equal(describe(shop, 0), "all — 20 samples, 100.0 %, self 0 samples, 0.0 %"));

test("samples are said where each is worth the same", () => {
  const timed = { ...shop, unit: "nanoseconds", facts: { intervalNanos: 2 } };
  equal(describe(timed, named(shop, "tax")), "tax — 3 ns, 15.0 %, 2 samples, self 3 ns, 15.0 %, JIT-compiled");
});

test("what was cut and what is folded is said", () => {
  const cut = tree("a;b 5", "a;… 3", "a 2");
  equal(describe(cut, named(cut, "a")), "a — 10 samples, 100.0 %, self 2 samples, 20.0 %, JIT-compiled, 3 samples too small to draw");
  const folded = foldChains(tree("a;b;c;d 5", "a;b;c;e 3"), new Set());
  equal(describe(folded, named(folded, "c")), "c — 8 samples, 100.0 %, self 0 samples, 0.0 %, JIT-compiled, 2 merged callers");
});

test("a comparison says what was before and how much that is more or less", () => {
  const compared = tree("a;up 6 4", "a;new 3 0", "a;old 0 5");
  equal(describe(compared, named(compared, "up")), "up — 6 samples, 66.7 %, self 6 samples, 66.7 %, before 4 samples, +2 samples (+50.0 %), JIT-compiled");
  equal(changeOf(compared, named(compared, "new")), "new");
  equal(changeOf(compared, named(compared, "old")), "gone");
});

test("with the baseline's widths, now is what is beside", () => {
  const turned = fromBaseline(tree("a;up 6 4", "a;old 0 5"));
  equal(describe(turned, named(turned, "up")), "up — 4 samples, 44.4 %, self 4 samples, 44.4 %, now 6 samples, +2 samples (+50.0 %), JIT-compiled");
});

test("where shares are compared, what was before is a share of its own whole", () => {
  const of = tree("a;up 6 4", "a;same 2 4", "b 2 0");
  const shares = layout({ ...of, baseline: { ...of.baseline!, scale: 10 / 8 }, facts: { compare: "share" } });
  equal(describe(shares, named(shares, "up")), "up — 6 samples, 60.0 %, self 6 samples, 60.0 %, before 50.0 %, +10.0 points (+20.0 %), JIT-compiled");
  equal(describe(shares, named(shares, "b")), "b — 2 samples, 20.0 %, self 2 samples, 20.0 %, before 0.0 %, new, JIT-compiled");
  const turned = fromBaseline(shares);
  equal(describe(turned, named(turned, "same")), "same — 50.0 %, self 50.0 %, now 20.0 %, -30.0 points (-60.0 %), JIT-compiled");
  equal(describe(turned, named(turned, "b")), "b — 0.0 %, self 0.0 %, now 20.0 %, new, JIT-compiled");
});

test("arrows lead to what a frame called, to its caller and to its neighbours", () => {
  const pay = named(shop, "pay");
  equal(nameOf(shop, callee(shop, pay)!), "db");
  equal(nameOf(shop, caller(shop, pay)!), "main");
  equal(nameOf(shop, sibling(shop, pay, 1)!), "idle");
  equal(sibling(shop, pay, -1), undefined);
  equal(callee(shop, named(shop, "tax")), undefined);
  equal(caller(shop, 0), undefined);
  equal(sibling(shop, 0, 1), undefined);
});

test("arrows step over what is folded", () => {
  const folded = foldChains(tree("a;b;c;d 5", "a;b;c;e 3", "z 1"), new Set());
  const c = named(folded, "c");
  equal(callee(folded, 0), c);
  equal(caller(folded, c), 0);
  equal(sibling(folded, named(folded, "z"), -1), c);
});

test("matches are gone through in a circle within what is zoomed", () => {
  const matches = new Uint8Array(shop.names.ends.length);
  for (const name of ["tax", "idle", "gc"]) matches[shop.name[named(shop, name)]!] = 1;
  const [tax, idle, gc] = ["tax", "idle", "gc"].map(name => named(shop, name)) as [number, number, number];
  equal([nextMatch(shop, matches, 0, 0, 1), nextMatch(shop, matches, 0, tax, 1), nextMatch(shop, matches, 0, idle, 1), nextMatch(shop, matches, 0, gc, 1)], [tax, idle, gc, tax]);
  equal(nextMatch(shop, matches, 0, tax, -1), gc);
  equal(nextMatch(shop, matches, named(shop, "main"), idle, 1), tax);
  equal(nextMatch(shop, new Uint8Array(matches.length), 0, 0, 1), undefined);
});
