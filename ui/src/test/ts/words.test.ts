import { KIND_NAMES } from "../../lib/colour";
import { count, durationWord, kindWord, measureWord, stateWord, taskTitle } from "../../lib/words";
import { equal, isTrue, test } from "./testing";

test("states are called what people follow", () => {
  equal(["ACCEPTED", "RECEIVING", "STORED", "TOO_LARGE"].map(stateWord), ["Starting", "Uploading", "Reading", "Too large"]);
});

test("each kind of the legend has a word", () => {
  for (const kind of KIND_NAMES) isTrue(kindWord(kind) !== kind, kind);
});

test("a word of the future is shown as it came", () => {
  equal(stateWord("PAUSED"), "PAUSED");
  equal(kindWord("wasm"), "wasm");
});

test("one is no plural", () => equal([count(1, "row"), count(1_200, "row"), count(0, "row")], ["1 row", "1,200 rows", "0 rows"]));

test("a task is called by what it measured and for how long", () => {
  equal(taskTitle({ events: ["cpu"], durationSeconds: 10 }), "CPU · 10 s");
  equal(taskTitle({ events: ["alloc", "lock"], durationSeconds: 300 }), "Allocations, locks · 5 min");
  equal(taskTitle({ events: ["cpu", "wall", "alloc", "lock"], durationSeconds: 90 }), "All · 1 min 30 s");
  equal(taskTitle({ events: ["com.shop.Cart.add"], durationSeconds: 1 }), "Com.shop.Cart.add · 1 s");
  equal(taskTitle({ title: "", events: ["cpu"], durationSeconds: 10 }), "CPU · 10 s");
  equal(taskTitle({ title: "Before the cache", events: ["cpu"], durationSeconds: 10 }), "Before the cache");
  equal(durationWord(60), "1 min");
  equal([measureWord("alloc"), measureWord("of the future")], ["Allocated", "of the future"]);
});
