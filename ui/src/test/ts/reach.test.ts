import { troubleOf } from "../../api/reach";
import { equal, test } from "./testing";

const check = (name: string, well: boolean) => ({ name, well, detail: well ? "it answers" : "it cannot be reached" });

test("a server that is ready has no trouble to show, whatever else is unwell", () => {
  equal(troubleOf({ ready: true, health: [check("database", true), check("storage", false)] }), "");
});

test("a server that is not ready says which parts are unwell", () => {
  equal(troubleOf({ ready: false, health: [check("database", false), check("clock", true)] }), "database: it cannot be reached");
});

test("what answers in front of servers of which none is ready is no server", () => equal(troubleOf({}), "no server is ready"));
