import { ask, isComparison, pattern, question } from "../../lib/question";
import { FILTERS, QUERY, SELECTORS } from "../../lib/vocabulary";
import { equal, test } from "./testing";

const words = (query: string, without: string[] = []) => question("/tasks/1", new URLSearchParams(query), without).words;

test("the server is asked with the words of the address that it knows", () =>
  equal(words("measure=cpu&threads=main&view=hot&zoom=abc"), [["measure", "cpu"], ["threads", "main"]]));

test("words of the baseline are known as those of the profile", () =>
  equal(words("base-task=2&base-from=1s&base-colours=x"), [["base-task", "2"], ["base-from", "1s"]]));

test("a word may be there several times", () => equal(words("task=1&task=2"), [["task", "1"], ["task", "2"]]));

test("words can be left out", () => equal(words("measure=cpu&min=1", ["measure"]), [["min", "1"]]));

test("a word that is asked for again replaces the one before", () =>
  equal(ask({ path: "/p", words: [["a", "1"], ["b", "2"]] }, { a: "3" }), { path: "/p", words: [["b", "2"], ["a", "3"]] }));

test("a comparison has a baseline", () => {
  equal(isComparison(new URLSearchParams("base-task=1")), true);
  equal(isComparison(new URLSearchParams("measure=cpu")), false);
});

test("a name as a pattern matches whatever signs it has", () => equal(pattern("a*b,c?"), "a?b?c?"));

test("a link keeps every word of the vocabulary", () => {
  for (const word of [...QUERY, ...FILTERS, ...SELECTORS]) equal(words(word + "=1"), [[word, "1"]]);
  for (const word of [...FILTERS, ...SELECTORS]) equal(words("base-" + word + "=1"), [["base-" + word, "1"]]);
  equal(words("virtual=true&span=checkout&span-min=1s&bare-symbols=true").length, 4);
});
