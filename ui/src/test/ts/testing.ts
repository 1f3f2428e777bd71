// What a test of the page is written with. PageTest, on the Java side, runs each case by itself and reports it.

import "./browser";

interface Case {
  name: string;
  run: () => void;
}

const cases: Case[] = [];
Object.assign(globalThis, { davylampTests: cases });

/** @param name a sentence about behaviour */
export function test(name: string, run: () => void): void {
  cases.push({ name, run });
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (ArrayBuffer.isView(each) ? Array.from(each as Uint8Array) : typeof each === "number" && !Number.isFinite(each) ? String(each) : each)) ?? String(value);

/** Compared by what they hold; typed columns as lists. */
export function equal<T>(actual: T, expected: T): void {
  const [is, should] = [shown(actual), shown(expected)];
  if (is !== should) throw new Error(`expected ${should}, was ${is}`);
}

export function isTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error("not so: " + what);
}

/** The message with which something fails. */
export function failure(run: () => unknown): string {
  try {
    run();
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error("nothing failed");
}
