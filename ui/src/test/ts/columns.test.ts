import { decode } from "../../lib/columns";
import { nameAt } from "../../lib/names";
import { equal, failure, test } from "./testing";

/** Bytes as docs/formats/flame-v2.md describes them. */
class Bytes {
  private readonly all: number[] = [];

  byte(...values: number[]): this {
    this.all.push(...values);
    return this;
  }
  varint(value: number): this {
    while (value >= 128) {
      this.all.push((value % 128) | 128);
      value = Math.floor(value / 128);
    }
    return this.byte(value);
  }
  text(text: string): this {
    const utf8 = new TextEncoder().encode(text);
    return this.varint(utf8.length).byte(...utf8);
  }
  /** A column of whole numbers, the lowest bytes of all rows first. */
  column(width: number, ...values: number[]): this {
    this.byte(width);
    for (let rank = 0; rank < (width & 127); rank++) for (const value of values) this.byte(Math.floor(value / 256 ** rank) % 256);
    return this;
  }
  end(): ArrayBuffer {
    return Uint8Array.from(this.all).buffer;
  }
}

const head = (version = 2) => new Bytes().byte(..."DVFT".split("").map(c => c.charCodeAt(0)), version).text("cpu").text("samples");

/** all, a below it, b below a, c below the root. */
const small = (sides = 1) => head()
  .varint(2).text("jit").text("cpp")
  .varint(4).column(1, 3, 1, 2, 1).text("allaäöc")
  .varint(4).column(1, 0, 0, 0, 2).column(1, 0, 1, 2, 3).column(1, 0, 0, 1, 0)
  .varint(sides);

test("an answer is read column by column", () => {
  const read = decode(small().column(2, 0, 300, 2, 70_000 % 65_536).column(0).varint(2).text("samples").text("12").text("warnings").text("one\ntwo").end());
  equal([...read.parent], [-1, 0, 1, 0]);
  equal([0, 1, 2, 3].map(i => nameAt(read.names, read.name[i]!)), ["all", "a", "äö", "c"]);
  equal([...read.kind].map(kind => read.kinds[kind]), ["jit", "jit", "cpp", "jit"]);
  equal([...read.self], [0, 300, 2, 70_000 % 65_536]);
  equal([...read.rest], [0, 0, 0, 0]);
  equal([read.facts.samples, read.facts.warnings, read.facts.lengthNanos], [12, ["one", "two"], undefined]);
  equal(read.baseline, null);
});

test("values of up to eight bytes keep their digits", () => {
  const large = 2 ** 52 + 12_345;
  equal([...decode(small().column(7, 1, large, 0, 255).column(0).varint(0).end()).self], [1, large, 0, 255]);
});

test("values may be below nothing", () =>
  equal([...decode(small().column(0x81, 0, 1, 2, 3).column(0).varint(0).end()).self], [0, -1, 1, -2]));

test("a comparison has the other side's columns and their scale", () => {
  const read = decode(small(2).column(1, 1, 2, 3, 4).column(0).column(1, 5, 6, 7, 8).column(0).varint(1).text("scale").text("1.5").end());
  equal([...read.baseline!.self], [5, 6, 7, 8]);
  equal(read.baseline!.scale, 1.5);
});

test("another version is refused with its place", () =>
  equal(failure(() => decode(head(3).end())), "The server's answer is damaged: this is no flame graph of version 2 at byte 5."));

test("an answer that ends early is refused wherever it ends", () => {
  const whole = new Uint8Array(small().column(1, 1, 2, 3, 4).column(0).varint(0).end());
  for (let length = 0; length < whole.length; length++) {
    const text = failure(() => decode(whole.slice(0, length).buffer));
    if (!text.includes("damaged")) throw new Error(length + ": " + text);
  }
});

test("a count alone takes no memory", () => {
  equal(failure(() => decode(head().varint(2 ** 40).end())).includes("rows are too many"), true);
  equal(failure(() => decode(head().varint(0).varint(0).column(0).text("").varint(2 ** 26).column(0).end())).includes("damaged"), true);
});

test("indexes that lead nowhere are refused", () => {
  const of = (up: number[], name: number[]) => () => decode(head().varint(0).varint(1).column(1, 1).text("a").varint(2)
    .column(1, ...up).column(1, ...name).column(0).varint(1).column(0).column(0).varint(0).end());
  equal(failure(of([0, 9], [0, 0])).includes("node 1 has no parent"), true);
  equal(failure(of([0, 0], [0, 7])).includes("node 1 has name 7 of 1"), true);
});

test("names whose lengths do not add up are refused", () =>
  equal(failure(() => decode(head().varint(0).varint(1).column(1, 5).text("a").end())).includes("the names are of other lengths"), true));
