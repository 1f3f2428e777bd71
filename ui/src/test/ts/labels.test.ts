import { label, Letters, shortened } from "../../draw/labels";
import { fromBaseline } from "../../lib/tree";
import { foldChains } from "../../lib/chains";
import { named, tree } from "./trees";
import { equal, isTrue, test } from "./testing";

/** An m is wide, an i is narrow, all others are between. */
const widthOf = (text: string) => Array.from(text, letter => (letter === "m" || letter === "W" ? 11 : letter === "i" || letter === "." ? 3 : 7)).reduce((sum, each) => sum + each, 0);
const letters = new Letters(widthOf);

test("a text is as wide as its letters", () => {
  equal(letters.width(""), 0);
  equal(letters.width("mi."), 17);
  equal(letters.width("日本"), 14);
});

test("each letter is measured once", () => {
  let asked = 0;
  const counted = new Letters(() => (asked++, 5));
  for (let i = 0; i < 10; i++) equal(counted.width("abba日日𝄞𝄞"), 40);
  equal(asked, 4);
});

test("a name that fits is written whole", () => equal(shortened("a.B.iiii", "jit", widthOf("a.B.iiii"), letters), "a.B.iiii"));

test("what does not fit loses its package first, then its end", () => {
  equal(shortened("com.shop.Cart.add", "jit", widthOf("Cart.add"), letters), "Cart.add");
  equal(shortened("com.shop.Cart.add", "jit", widthOf("Cart.a") + 1, letters), "Cart.…");
});

test("names of native code are cut at their library, never within their words", () =>
  equal(shortened("libjvm.so.PhaseChaitin::Split", "cpp", widthOf("PhaseChaitin::Split"), letters), "PhaseChaitin::Split"));

test("no label is wider than its room, whatever letters it is of", () => {
  for (const name of ["WWWWWWWWWW.WWWWWWWWWW.mmmmmmmm", "iiii.iiii.iiiiiiiiiiiiiiiiiiiiiiii", "日本語.日本語.日本語日本語", "a.𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞"]) {
    for (let room = 20; room < 200; room += 3) {
      const text = shortened(name, "jit", room, letters);
      isTrue(widthOf(text) <= room, `${text} is ${widthOf(text)} wide, ${room} are there`);
    }
  }
});

test("as much is written as there is room for", () => equal(letters.cut("iiiiiiiiiimmmmmmmmmm", 50), "iiiiiiiiiim…"));

test("a letter of two units is not torn", () => {
  equal(letters.cut("𝄞𝄞𝄞", 15), "𝄞…");
  equal(letters.cut("𝄞𝄞𝄞", 1), "𝄞…");
});

test("a label says what is new, gone or folded, and leaves that much less room", () => {
  const compared = tree("a;new 5 0", "a;old 0 4");
  equal(label(compared, named(compared, "new"), 500, letters), "new: new");
  const before = fromBaseline(compared);
  equal(label(before, named(before, "old"), 500, letters), "gone: old");
  const folded = foldChains(tree("a;b;c.Word.method;d 5", "a;b;c.Word.method;e 3"), new Set());
  const node = named(folded, "c.Word.method");
  equal(label(folded, node, 500, letters), "2 ▸ c.Word.method");
  equal(label(folded, node, widthOf("2 ▸ Word.method"), letters), "2 ▸ Word.method");
});
