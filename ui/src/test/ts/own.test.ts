import { onlyOwn } from "../../lib/own";
import { children, layout, nameOf, type Tree } from "../../lib/tree";
import { tree } from "./trees";
import { equal, test } from "./testing";

const names = (of: Tree, node: number) => children(of, node).map(child => `${nameOf(of, child)} ${of.width[child]}`);

test("what others used counts for whoever of my code called them", () => {
  const own = layout(onlyOwn(tree("java.lang.Thread.run_[jit];shop.A.a_[jit];java.util.Map.get_[jit] 3", "java.lang.Thread.run_[jit];shop.A.a_[jit] 2", "java.lang.Thread.run_[jit];java.util.Map.get_[jit] 4")));
  equal(own.total, 9);
  equal(names(own, 0), ["shop.A.a 5"]);
  equal(own.self[0], 4);
});

test("frames of mine that others stood between are one again, the largest first", () => {
  const own = layout(onlyOwn(tree("shop.A.a_[jit];java.X.one_[jit];shop.B.b_[jit] 3", "shop.A.a_[jit];java.X.two_[jit];shop.B.b_[jit] 4", "shop.A.a_[jit];shop.C.c_[jit] 8")));
  equal(names(own, 1), ["shop.C.c 8", "shop.B.b 7"]);
});

test("what was cut stays, and so does the baseline", () => {
  const cut = layout(onlyOwn(tree("shop.A.a_[jit];java.X.x_[jit];… 3", "shop.A.a_[jit];java.X.x_[jit] 2")));
  equal([cut.total, cut.rest[1], cut.self[1]], [5, 3, 2]);
  const compared = layout(onlyOwn(tree("shop.A.a_[jit];java.X.x_[jit] 5 7")));
  equal([compared.width[1], compared.before!.total[1]], [5, 7]);
});
