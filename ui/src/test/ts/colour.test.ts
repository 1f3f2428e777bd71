import { changeColour, CHANGE_LEGEND, frameColour, isChange, KIND_COLOURS } from "../../lib/colour";
import { equal, isTrue, test } from "./testing";

const lightness = (colour: string) => Number(/([\d.]+)%\)$/.exec(colour)![1]);

test("code of one package has one colour", () => {
  equal(frameColour("com.shop.Checkout.pay", "jit", "package"), frameColour("com.shop.Cart.add", "jit", "package"));
  isTrue(frameColour("com.shop.Cart.add", "jit", "package") !== frameColour("java.util.HashMap.get", "jit", "package"), "packages differ");
});

test("by kind all frames of a kind have the colour of the legend", () => {
  equal(frameColour("x", "kernel", "kind"), KIND_COLOURS.kernel!);
  isTrue(frameColour("x", "of the future", "kind").startsWith("hsl("), "an unknown kind has a colour");
});

test("more is red, less is blue, and the larger the change the stronger", () => {
  isTrue(changeColour(12, 10, 100).startsWith("hsl(8 "), "more");
  isTrue(changeColour(8, 10, 100).startsWith("hsl(216 "), "less");
  isTrue(lightness(changeColour(30, 10, 100)) < lightness(changeColour(12, 10, 100)), "stronger");
  equal(changeColour(90, 10, 100), changeColour(60, 10, 100));
});

test("no change has one colour, whatever it is a share of", () => {
  const none = CHANGE_LEGEND.change[2]![1];
  equal(changeColour(5, 5, 100), none);
  equal(changeColour(5, 5, null), none);
  equal(changeColour(0, 0, 0), none);
  equal(changeColour(0, 0, null), none);
});

test("by the frame itself, new and gone are the strongest", () => {
  equal(changeColour(3, 0, null), CHANGE_LEGEND["own-change"][4]![1]);
  equal(changeColour(0, 3, null), CHANGE_LEGEND["own-change"][0]![1]);
});

test("colours of a change are told from others", () => equal((["package", "kind", "change", "own-change"] as const).map(isChange), [false, false, true, true]));
