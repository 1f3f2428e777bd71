import { withoutOverhead } from "../../lib/columns";
import { boxOf, callerOf, foldChains, foldedInto } from "../../lib/chains";
import {
  children, firstVisible, fromBaseline, graft, isOneSided, kindOf, layout, matchedTotal, nameOf, nodeAt, nodeOf, path, pathNames, placeInOrder,
  placeOf, restAt, restLeft, row, rowCount, size, type Tree,
} from "../../lib/tree";
import { columns, named, tree } from "./trees";
import { equal, isTrue, test } from "./testing";

const shop = tree("main;pay;tax 3", "main;pay;db 5", "main;pay 2", "main;idle 4", "gc_[cpp] 6");

const namesOf = (of: Tree, nodes: Iterable<number>) => Array.from(nodes, node => nameOf(of, node));

test("a node is as wide as all below it and itself", () => {
  equal(shop.total, 20);
  equal(shop.width[named(shop, "main")], 14);
  equal(shop.width[named(shop, "pay")], 10);
  equal(shop.self[named(shop, "pay")], 2);
});

test("rows hold the nodes of a depth from left to right", () => {
  equal(rowCount(shop), 4);
  equal(namesOf(shop, row(shop, 1)), ["main", "gc"]);
  equal(namesOf(shop, row(shop, 3)), ["db", "tax"]);
  equal(row(shop, 9).length, 0);
  equal(row(shop, -1).length, 0);
});

test("what a node used itself stands right of its children", () => {
  equal(shop.left[named(shop, "db")], 0);
  equal(shop.left[named(shop, "tax")], 5);
  equal(shop.left[named(shop, "idle")], 10);
  equal(nodeAt(shop, 3, 9), -1);
});

test("the node at a place is the one whose box covers it", () => {
  equal(nodeAt(shop, 1, 0), named(shop, "main"));
  equal(nodeAt(shop, 1, 13.9), named(shop, "main"));
  equal(nodeAt(shop, 1, 14), named(shop, "gc"));
  equal(nodeAt(shop, 1, 20), -1);
  equal(firstVisible(shop, row(shop, 1), 14), 1);
});

test("children come from large to small", () => equal(namesOf(shop, children(shop, 0)), ["main", "gc"]));

test("the kind of a frame is told", () => equal(kindOf(shop, named(shop, "gc")), "cpp"));

test("a path leads from the root", () => {
  equal(namesOf(shop, path(shop, named(shop, "tax"))), ["all", "main", "pay", "tax"]);
  equal(pathNames(shop, named(shop, "tax")), ["main", "pay", "tax"]);
});

test("a search counts each sample once", () => {
  const recursive = tree("a;b;a 4", "a 1", "c 5");
  const matches = new Uint8Array(recursive.names.ends.length);
  matches[recursive.name[named(recursive, "a")]!] = 1;
  equal(matchedTotal(recursive, matches), 5);
});

test("a place leads back to its node, also in another tree of this path", () => {
  for (let node = 1; node < size(shop); node++) equal(nodeOf(shop, placeOf(shop, node)), node);
  const other = tree("main;pay;tax 30", "main;pay;db 5", "gc_[cpp] 600");
  equal(nodeOf(other, placeOf(shop, named(shop, "tax"))), named(other, "tax"));
});

test("a place that is not there is the root", () => {
  equal(placeOf(shop, 0), null);
  equal(nodeOf(shop, null), 0);
  equal(nodeOf(shop, "zz-zz"), 0);
  equal(nodeOf(shop, "nonsense"), 0);
  equal(nodeOf(shop, "n999"), 0);
  equal(nodeOf(shop, placeInOrder(3)), 3);
});

test("what was cut stands between children and what is a node's own", () => {
  const cut = tree("a;b 5", "a;… 3", "a 2");
  const a = named(cut, "a");
  equal(cut.width[a], 10);
  equal(restLeft(cut, a), 5);
  equal(restAt(cut, 2, 6), a);
  equal(restAt(cut, 2, 4), -1);
  equal(restAt(cut, 2, 8), -1);
});

test("what was cut is replaced by what the server says of it", () => {
  const cut = tree("a;b 5", "a;… 3", "a 2", "z 1");
  const a = named(cut, "a");
  const more = graft(cut, a, columns("b 5", "c 2", "d 1", "all 0"));
  equal(more.total, 9 + 0);
  equal(namesOf(more, children(more, named(more, "a"))), ["b", "c", "d", "all"]);
  equal(more.rest[named(more, "a")], 0);
  equal(nameOf(more, size(more) - 1), "z");
  equal(more.parent[size(more) - 1], 0);
});

test("runs of only children are folded into the box of what they lead to", () => {
  const whole = tree("a;b;c;d 5", "a;b;c;e 3", "f 1");
  const folded = foldChains(whole, new Set());
  equal(rowCount(folded), 3);
  equal(namesOf(folded, row(folded, 1)), ["c", "f"]);
  equal(foldedInto(folded, named(folded, "c")), 2);
  equal(boxOf(folded, named(folded, "a")), named(folded, "c"));
  equal(callerOf(folded, named(folded, "c")), 0);
  equal(callerOf(folded, named(folded, "d")), named(folded, "c"));
});

test("a run that was opened stays open", () => {
  const whole = tree("a;b;c;d 5", "a;b;c;e 3");
  equal(foldedInto(foldChains(whole, new Set([named(whole, "c")])), named(whole, "c")), 0);
});

test("frames that have something of their own are not folded", () => {
  const whole = tree("a;b;c 5", "a 1");
  equal(namesOf(foldChains(whole, new Set()), [1]), ["a"]);
  equal(foldedInto(foldChains(whole, new Set()), named(whole, "c")), 0);
});

test("a comparison knows what is on one side only", () => {
  const compared = tree("a;new 5 0", "a;same 5 5", "a;old 0 4");
  isTrue(isOneSided(compared, named(compared, "new")), "new is one-sided");
  isTrue(!isOneSided(compared, named(compared, "same")), "same is on both");
  equal(compared.before!.total[0], 9);
});

test("seen from the baseline the sides are the other way round", () => {
  const compared = tree("a;new 5 0", "a;old 0 4");
  const turned = fromBaseline(compared);
  equal(turned.total, 4);
  equal(turned.before!.total[0], 5);
  equal(turned.whole, compared.whole);
  isTrue(isOneSided(turned, named(turned, "old")), "old is gone");
});

test("values before are multiplied by the scale", () => {
  const of = columns("a 5 2");
  equal(layout({ ...of, baseline: { ...of.baseline!, scale: 3 } }).before!.total[0], 6);
});

test("the profiler's own group is left out whole", () => {
  const with_ = columns("profiler overhead_[group];x;y 3", "main;run 5", "z 1");
  const without = layout(withoutOverhead(with_));
  equal(without.total, 6);
  equal(namesOf(without, Array.from({ length: size(without) }, (_, i) => i)), ["all", "main", "run", "z"]);
  equal([...without.parent], [-1, 0, 1, 0]);
});

test("a tree of nothing has a root and no more", () => {
  const nothing = tree();
  equal(nothing.total, 0);
  equal(rowCount(nothing), 1);
  equal(children(nothing, 0), []);
});
