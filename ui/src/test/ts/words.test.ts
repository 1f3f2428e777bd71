import { count, kindWord, stateWord } from "../../lib/words";
import { KIND_COLOURS } from "../../lib/colour";
import { equal, isTrue, test } from "./testing";

test("states are called what people follow", () => {
  equal(["ACCEPTED", "RECEIVING", "STORED", "TOO_LARGE"].map(stateWord), ["Starting", "Uploading", "Reading", "Too large"]);
});

test("each kind of the legend has a word", () => {
  for (const kind of Object.keys(KIND_COLOURS)) isTrue(kindWord(kind) !== kind, kind);
});

test("a word of the future is shown as it came", () => {
  equal(stateWord("PAUSED"), "PAUSED");
  equal(kindWord("wasm"), "wasm");
});

test("one is no plural", () => equal([count(1, "row"), count(1_200, "row"), count(0, "row")], ["1 row", "1,200 rows", "0 rows"]));
