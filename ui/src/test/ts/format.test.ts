import { ago, amount, bytes, clock, cores, nanos, percent, rate, sampled, seconds, withTimes } from "../../lib/format";
import { equal, test } from "./testing";

test("a value takes the unit in which it is read best", () => {
  equal(amount(999, "bytes"), "999 B");
  equal(amount(1_000, "bytes"), "1.0 KB");
  equal(amount(1_949_000_000, "bytes"), "1.9 GB");
  equal(amount(12_400_000_000, "nanoseconds"), "12.4 s");
  equal(amount(0, "nanoseconds"), "0 ns");
});

test("rounding never shows a thousand of a unit", () => {
  equal(bytes(999_499), "999 KB");
  equal(bytes(999_500), "1.0 MB");
  equal(bytes(-999_500), "-1.0 MB");
});

test("what is larger than the largest unit stays in it", () => equal(bytes(5e15), "5000 TB"));

test("shares and events of a comparison are written as such", () => {
  equal(amount(123_456, "millionths"), "12.3 %");
  equal(amount(1_500_000, "millionths of events"), "1.5 events");
  equal(amount(1_234, "samples"), "1,234 samples");
  equal(amount(3.25, "samples"), "3.3 samples");
});

test("a rate is a value per second", () => {
  equal(rate(12, "samples", 10), "1.2 samples/s");
  equal(rate(24e9, "bytes", 10), "2.4 GB/s");
  equal(rate(1_234_500, "events", 1), "1,234,500 events/s");
});

test("cores are of CPU time only, and of as many as there are", () => {
  equal(cores("cpu", "nanoseconds", 13e9, 10e9, 20e9), "1.3 of 2 cores");
  equal(cores("cpu", "nanoseconds", 0.5e9, 10e9, 15e9), "0.05 of 1.5 cores");
  equal(cores("cpu", "nanoseconds", 13e9, 10e9), "1.3 cores");
  equal(cores("cpu", "samples", 13, 10e9, 20e9), "");
  equal(cores("wall", "nanoseconds", 13e9, 10e9, 20e9), "");
  equal(cores("cpu", "nanoseconds", 13e9, 0, 0), "");
});

test("samples are counted where each is worth the same", () => {
  equal(sampled(5e9, 10e6), "500 samples");
  equal(sampled(5e9), "");
});

test("a time for the server is read back as the same time", () => {
  for (const each of [0, 1e6, 12_345e6, 61e9, 3_600e9]) equal(nanos(seconds(each)), each);
  equal(nanos("1h2m3.5s"), 3_723.5e9);
  equal(nanos("1m30s"), 90e9);
  equal(nanos("250ms"), 250e6);
});

test("what is no time is none", () => {
  for (const each of ["", "12", "s", "1s2m", "-1s", "1 s"]) equal(Number.isNaN(nanos(each)), true);
});

test("a time for people has minutes where there are some", () => {
  equal(clock(12_340e6), "12.3 s");
  equal(clock(125e9), "2:05.0");
});

test("a share of nothing is nothing", () => {
  equal(percent(1, 4), "25.0 %");
  equal(percent(0, 0), "0.0 %");
});

test("how long ago something was is said in one unit", () => {
  const now = Date.parse("2024-05-01T12:00:00Z");
  equal(ago("2024-05-01T11:59:30Z", now), "30 s ago");
  equal(ago("2024-05-01T11:30:00Z", now), "30 min ago");
  equal(ago("2024-05-01T01:00:00Z", now), "11 h ago");
  equal(ago("2024-04-28T12:00:00Z", now), "3 d ago");
  equal(ago("2024-05-01T12:00:05Z", now), "0 s ago");
});

test("times of the server are told from now on", () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);
  equal(withTimes("busy until 2026-01-01T12:00:21.500Z; wait", now), "busy for another 22 s; wait");
  equal(withTimes("busy until 2026-01-01T12:09:30Z", now), "busy for another 10 min");
  equal(withTimes("nothing of the kind", now), "nothing of the kind");
});
