import { joined, matching, nameAt, qualifierLength } from "../../lib/names";
import { names } from "./trees";
import { equal, test } from "./testing";

const found = (query: string, ...all: string[]) => matching(names(...all), query);

test("a name is cut out of the one text", () => {
  const all = names("main", "", "a.B.c");
  equal([0, 1, 2].map(i => nameAt(all, i)), ["main", "", "a.B.c"]);
});

test("joined names keep their order", () => {
  const all = joined(names("a", "bc"), names("d", "ef"));
  equal([0, 1, 2, 3].map(i => nameAt(all, i)), ["a", "bc", "d", "ef"]);
});

test("a text is found anywhere in a name and in any case", () => equal(found("PAY", "shop.Checkout.pay", "main", "Payment"), Uint8Array.of(1, 0, 1)));

test("a text is not found across the end of a name", () => equal(found("bc", "ab", "cd", "bc"), Uint8Array.of(0, 0, 1)));

test("names after an empty name are found", () => equal(found("b", "a", "", "b"), Uint8Array.of(0, 0, 1)));

test("a letter that is two in lower case moves no name", () => equal(found("x", "İ", "x"), Uint8Array.of(0, 1)));

test("an expression between slashes is one", () => equal(found("/^a.*z$/", "abcz", "bcz", "AZ"), Uint8Array.of(1, 0, 1)));

test("a half-typed expression matches nothing and says so", () => equal(found("/(/", "a"), null));

test("Java code is qualified by its package", () => {
  equal(qualifierLength("com.shop.Checkout.pay", "jit"), "com.shop.".length);
  equal(qualifierLength("Checkout.pay", "inlined"), 0);
  equal(qualifierLength("java.lang.String", "class"), "java.lang.".length);
});

test("native code is qualified by its library, and is never cut as Java", () => {
  equal(qualifierLength("libjvm.so.PhaseChaitin::Split", "cpp"), "libjvm.so.".length);
  equal(qualifierLength("libc.so.6.read", "native"), "libc.so.6.".length);
  equal(qualifierLength("finish_task_switch.isra.0", "kernel"), 0);
  equal(qualifierLength("github.com/acme/pkg.Run", "native"), 0);
});

test("a group has no qualifier", () => equal(qualifierLength("profiler overhead", "group"), 0));
