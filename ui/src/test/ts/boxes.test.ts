import { boxes, graphHeight, marked, MATCH, REST, ROW_HEIGHT, type Box, type View } from "../../draw/boxes";
import { isOneSided, nameOf, type Tree } from "../../lib/tree";
import { named, tree } from "./trees";
import { equal, isTrue, test } from "./testing";

const view = (of: Tree, more: Partial<View> = {}): View => ({ tree: of, zoom: 0, focus: -1, matches: null, colours: "package", upward: false, ...more });

function drawn(of: View, width: number, row: number): Box[] {
  const all: Box[] = [];
  boxes(of, width, row, row, box => all.push({ ...box }));
  return all;
}

const shop = tree("main;pay;tax 3", "main;pay;db 5", "main;pay 2", "main;idle 4", "gc_[cpp] 6");

test("boxes of a row stand side by side, as wide as their values", () => {
  const [main, gc, ...others] = drawn(view(shop), 200, 1);
  equal(others.length, 0);
  equal([nameOf(shop, main!.node), main!.x, Math.round(main!.width)], ["main", 0, 139]);
  equal([nameOf(shop, gc!.node), gc!.x, Math.round(gc!.width)], ["gc", 140, 59]);
});

test("what is zoomed fills the width, and its callers do too", () => {
  const zoomed = view(shop, { zoom: named(shop, "pay") });
  equal(drawn(zoomed, 100, 1).map(box => [nameOf(shop, box.node), box.x, Math.round(box.width)]), [["main", 0, 99]]);
  equal(drawn(zoomed, 100, 3).map(box => [nameOf(shop, box.node), box.x]), [["db", 0], ["tax", 50]]);
});

test("a row that is not there has no box", () => equal(drawn(view(shop), 100, 9), []));

test("neighbours that are narrower than a pixel are one box", () => {
  const many = tree(...Array.from({ length: 1_000 }, (_, i) => `root;n${i} 1`), "root;wide 1000");
  const all = drawn(view(many), 200, 2);
  equal(nameOf(many, all[0]!.node), "wide");
  equal(all.slice(1).map(box => box.kind), ["many"]);
  isTrue(all[1]!.width > 99, "it is as wide as they are together");
});

test("rows of narrow frames have no gaps", () => {
  const many = tree(...Array.from({ length: 3_000 }, (_, i) => `n${i} ${3_000 - i}`));
  let end = 0;
  for (const box of drawn(view(many), 800, 1)) {
    isTrue(box.x - end <= 1.3, `gap of ${box.x - end} at ${end}`);
    end = box.x + box.width;
  }
  isTrue(end > 798, "to the right edge");
});

test("a match is seen among frames that are narrower than a pixel", () => {
  const many = tree(...Array.from({ length: 1_000 }, (_, i) => `n${i} 1`));
  const matches = new Uint8Array(many.names.ends.length);
  matches[many.name[named(many, "n500")]!] = 1;
  isTrue(drawn(view(many, { matches }), 100, 1).some(box => box.colour === MATCH), "one box is of the match's colour");
});

test("what was cut has a box right of the children", () => {
  const cut = tree("a;b 5", "a;… 3", "a 2");
  const [b, rest] = drawn(view(cut), 100, 2);
  equal([b!.kind, rest!.kind, rest!.node, rest!.x, rest!.colour], ["frame", "rest", named(cut, "a"), 50, REST]);
});

test("what was cut is not shown where it is narrower than two pixels", () =>
  equal(drawn(view(tree("a;b 500", "a;… 3", "a 2")), 100, 2).map(box => box.kind), ["frame"]));

test("in a comparison a frame that is new is marked, and what it called is not again", () => {
  const compared = tree("a;new;deeper 5 0", "a;same 5 5");
  isTrue(marked(compared, named(compared, "new")), "new");
  isTrue(isOneSided(compared, named(compared, "deeper")) && !marked(compared, named(compared, "deeper")), "deeper");
  isTrue(!marked(compared, named(compared, "same")), "same");
});

test("nothing is drawn of nothing, and nothing fails", () => {
  const nothing = tree();
  equal(drawn(view(nothing), 100, 1), []);
  equal(graphHeight(nothing), 2 * ROW_HEIGHT);
});
