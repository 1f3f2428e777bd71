import { CATEGORIES, categoryOf } from "../../lib/category";
import { categoryColour, changeColour, frameColour, hex, isChange, kindColour, legend } from "../../lib/colour";
import { equal, isTrue, test } from "./testing";

const THEMES = [false, true];

/** Red, green and blue, each from 0 to 1. */
const channels = (colour: string) => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255);
/** WCAG 2.1. */
const luminance = (colour: string) => {
  const [r, g, b] = channels(colour).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: string, other: string) => {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};
/** As the style sheet has it. */
const TEXT = ["#14171c", "#f2f4f7"];

test("a colour is written as a canvas reads it", () => equal([hex([0, 100, 50]), hex([120, 100, 25]), hex([0, 0, 100])], ["#ff0000", "#008000", "#ffffff"]));

test("code of one package has one colour, and packages of one category are tints of it", () => {
  for (const dark of THEMES) {
    equal(frameColour("com.shop.Checkout.pay", "jit", "package", dark), frameColour("com.shop.Cart.add", "jit", "package", dark));
    isTrue(frameColour("com.shop.Cart.add", "jit", "package", dark) !== frameColour("java.util.HashMap.get", "jit", "package", dark), "packages differ");
  }
});

test("text stands out from every colour of a frame, in both themes", () => {
  for (const dark of THEMES) {
    const text = TEXT[dark ? 1 : 0]!;
    for (let i = 0; i < 200; i++) {
      for (const [name, kind] of [[`shop${i}.A.a`, "jit"], [`org.apache.p${i}.A.a`, "jit"], [`java.p${i}.A.a`, "jit"], [`lib${i}.so.f`, "native"], [`k${i}`, "kernel"], [`io.davylamp.agent.p${i}.A.a`, "jit"]] as const) {
        const colour = frameColour(name, kind, "package", dark);
        isTrue(contrast(colour, text) >= 4.5, `${name} ${colour} ${contrast(colour, text)}`);
      }
    }
    for (const by of ["kind", "change", "own-change"] as const) for (const [word, colour] of legend(by, dark)) isTrue(contrast(colour, text) >= 4.5, `${word} ${colour} ${contrast(colour, text)}`);
  }
});

test("by kind all frames of a kind have the colour of the legend", () => {
  equal(frameColour("x", "kernel", "kind", false), kindColour("kernel", false));
  isTrue(frameColour("x", "of the future", "kind", true).startsWith("#"), "an unknown kind has a colour");
});

test("more is red, less is blue, and the larger the change the stronger", () => {
  const [red, , blue] = channels(changeColour(12, 10, 100, false)) as [number, number, number];
  isTrue(red > blue, "more");
  const [lessRed, , moreBlue] = channels(changeColour(8, 10, 100, false)) as [number, number, number];
  isTrue(moreBlue > lessRed, "less");
  isTrue(luminance(changeColour(30, 10, 100, false)) < luminance(changeColour(12, 10, 100, false)), "stronger");
  equal(changeColour(90, 10, 100, false), changeColour(60, 10, 100, false));
});

test("no change is the ground's grey, whatever it is a share of", () => {
  for (const dark of THEMES) {
    const none = legend("change", dark)[2]![1];
    for (const each of [changeColour(5, 5, 100, dark), changeColour(5, 5, null, dark), changeColour(0, 0, 0, dark), changeColour(0, 0, null, dark)]) equal(each, none);
    const [r, g, b] = channels(none) as [number, number, number];
    isTrue(Math.max(r, g, b) - Math.min(r, g, b) < 0.06, none);
  }
});

test("by the frame itself, new and gone are the strongest", () => {
  equal(changeColour(3, 0, null, false), legend("own-change", false)[4]![1]);
  equal(changeColour(0, 3, null, false), legend("own-change", false)[0]![1]);
});

test("colours of a change are told from others", () => equal((["package", "kind", "change", "own-change"] as const).map(isChange), [false, false, true, true]));

test("whose code a frame is, is told by its name and kind", () => {
  const of = (name: string, kind = "jit") => categoryOf(name, kind);
  equal(of("com.shop.Cart.add"), "application");
  equal(of("org.springframework.web.Filter.doFilter"), "framework");
  equal(of("java.util.HashMap.get"), "jdk");
  equal(of("byte[]", "class"), "jdk");
  equal(of("com.shop.Order", "class"), "application");
  equal(of("libjvm.so.Compile::Optimize", "native"), "jvm");
  equal(of("G1ParTask::work", "cpp"), "jvm");
  equal(of("do_syscall_64", "kernel"), "kernel");
  equal(of("io.davylamp.agent.Main.run"), "profiler");
  equal(of("all", "group"), null);
  equal(of("profiler overhead", "group"), "profiler");
  equal(of("java.util.HashMap.get", "native"), "jdk");
});

test("each category has a name and a colour of its own", () => {
  for (const dark of THEMES) equal(new Set(CATEGORIES.map(([category]) => categoryColour(category, dark))).size, CATEGORIES.length);
});
