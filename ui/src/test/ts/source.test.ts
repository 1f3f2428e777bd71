import { sourceOf } from "../../lib/source";
import { equal, test } from "./testing";

const TEMPLATE = "https://git.example/shop/{class-as-path}.java#L{line}";

test("a method's source is the file of its outermost class", () => {
  equal(sourceOf(TEMPLATE, "com.shop.Checkout.pay:42", "jit"), "https://git.example/shop/com/shop/Checkout.java#L42");
  equal(sourceOf(TEMPLATE, "com.shop.Checkout$Step$1.run:7", "jit"), "https://git.example/shop/com/shop/Checkout.java#L7");
  equal(sourceOf(TEMPLATE, "Main.main:1", "interpreted"), "https://git.example/shop/Main.java#L1");
});

test("without a line the file is shown", () => {
  equal(sourceOf(TEMPLATE, "com.shop.Checkout.pay", "jit"), "https://git.example/shop/com/shop/Checkout.java");
  equal(sourceOf("https://git.example/?c={class}&m={method}&l={line}", "com.shop.Checkout.<init>", "jit"), "https://git.example/?c=com.shop.Checkout&m=%3Cinit%3E&l=1");
});

test("what is no code of the application has no link", () => {
  equal(sourceOf(TEMPLATE, "java.util.HashMap.get:1", "jit"), null);
  equal(sourceOf(TEMPLATE, "org.springframework.web.Dispatcher.service", "jit"), null);
  equal(sourceOf(TEMPLATE, "libjvm.so.PhaseChaitin::Split", "cpp"), null);
  equal(sourceOf(TEMPLATE, "checkout-1", "group"), null);
  equal(sourceOf(TEMPLATE, "/../../etc/passwd.x", "jit"), null);
  equal(sourceOf("", "com.shop.Checkout.pay", "jit"), null);
});

test("nothing but an address of the web is a link", () => {
  equal(sourceOf("javascript:alert('{class}')", "com.shop.Checkout.pay", "jit"), null);
  equal(sourceOf("{class}", "com.shop.Checkout.pay", "jit"), null);
});
