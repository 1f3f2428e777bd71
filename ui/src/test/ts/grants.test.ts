import { allows, allowsSomewhere, matches, parts } from "../../lib/grants";
import { equal, test } from "./testing";

test("a star of a pattern stands for any characters, none included", () => {
  equal([matches("shop", "shop"), matches("shop", "shop-1"), matches("*", ""), matches("shop-*", "shop-"), matches("shop-*", "shop-eu")], [true, false, true, true, true]);
  equal([matches("*-eu", "shop-eu"), matches("s*-*u", "shop-eu"), matches("a*a", "a"), matches("a*b*b", "ab"), matches("a*b*c", "axbxbc")], [true, true, false, false, true]);
  equal([matches("shop.", "shopx"), matches("Shop", "shop")], [false, false]);
});

test("a grant is a role and a pattern", () => {
  equal(parts("profiler checkout-*"), { role: "profiler", services: "checkout-*" });
  equal(parts("owner *").role, "");
});

test("a role includes those before it, for the services of its own pattern only", () => {
  const grants = ["viewer *", "profiler shop-*"];
  equal([allows(grants, "viewer", "bank"), allows(grants, "profiler", "bank"), allows(grants, "profiler", "shop-eu"), allows(grants, "admin", "shop-eu")], [true, false, true, false]);
  equal(allows(["admin bank"], "viewer", "bank"), true);
  equal([allowsSomewhere(grants, "profiler"), allowsSomewhere(grants, "admin"), allowsSomewhere([], "viewer")], [true, false, false]);
});
