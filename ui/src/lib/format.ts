// Numbers with units, for people. The only place that decides how they look.

function scaled(value: number, units: string[]): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return (unit === 0 ? rest.toFixed(0) : rest >= 99.95 ? rest.toFixed(0) : rest.toFixed(1)) + " " + units[unit];
}

export const bytes = (value: number) => scaled(value, ["B", "KB", "MB", "GB", "TB"]);

export function amount(value: number, unit: string): string {
  switch (unit) {
    case "bytes":
      return bytes(value);
    case "nanoseconds":
      return scaled(value, ["ns", "µs", "ms", "s"]);
    case "millionths":
      return (value / 1e4).toFixed(1) + " %";
    case "millionths of events":
      return (value / 1e6).toLocaleString("en", { maximumFractionDigits: 2 }) + " events";
    default:
      return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 }) + " " + unit;
  }
}

/** A value per second: `1.2 GB/s`, `0.3 samples/s`. */
export function rate(value: number, unit: string, seconds: number): string {
  const perSecond = value / seconds;
  return (unit === "samples" || unit === "events" ? `${Math.abs(perSecond) < 99.95 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString("en")} ${unit}` : amount(perSecond, unit)) + "/s";
}

/** How many processors were busy: `1.3 of 2 cores`; empty for what is no time on processors. */
export function cores(measure: string, unit: string, value: number, lengthNanos?: number, coreNanos?: number): string {
  if (measure !== "cpu" || unit !== "nanoseconds" || !lengthNanos) return "";
  const used = value / lengthNanos;
  const all = coreNanos ? coreNanos / lengthNanos : 0;
  return `${used < 0.095 ? used.toFixed(2) : used.toFixed(1)}${all ? ` of ${all % 1 < 0.01 ? all.toFixed(0) : all.toFixed(1)}` : ""} cores`;
}

/** How many samples a time is, where each is worth the same; empty where that is not known. */
export const sampled = (value: number, intervalNanos?: number) =>
  intervalNanos ? Math.round(value / intervalNanos).toLocaleString("en") + " samples" : "";

/** A time within a recording, as the server takes it: `12.345s`. */
export const seconds = (nanos: number) => (nanos / 1e9).toFixed(3).replace(/\.?0+$/, "") + "s";

/** The same for people: `12.3 s`, `2:05.0`. */
export function clock(nanos: number): string {
  const all = nanos / 1e9;
  const minutes = Math.floor(all / 60);
  return minutes === 0 ? all.toFixed(1) + " s" : minutes + ":" + (all - 60 * minutes).toFixed(1).padStart(4, "0");
}

/** Nanoseconds of `12.5s`, `1m30s`, `250ms`; NaN for what is not a time since the start. */
export function nanos(text: string): number {
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text);
  if (!parts || text === "") return NaN;
  const [hours, minutes, secs, millis] = parts.slice(1).map(part => Number(part ?? 0)) as [number, number, number, number];
  return ((hours * 60 + minutes) * 60 + secs) * 1e9 + millis * 1e6;
}

const two = (n: number) => String(n).padStart(2, "0");

/** `19:12`, `19:12:04` or `19:12:04.250` of the viewer's clock. */
export function timeOfDay(millis: number, precision: "minutes" | "seconds" | "millis" = "seconds"): string {
  const time = new Date(millis);
  return two(time.getHours()) + ":" + two(time.getMinutes()) + (precision === "minutes" ? "" : ":" + two(time.getSeconds()))
    + (precision === "millis" ? "." + String(time.getMilliseconds()).padStart(3, "0") : "");
}

/** `today 19:12`, `yesterday 08:03`, `Nov 3, 19:12`. */
export function day(time: string, now: number): string {
  const at = new Date(time);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const clockTime = timeOfDay(at.getTime(), "minutes");
  if (at.getTime() >= midnight) return "today " + clockTime;
  if (at.getTime() >= midnight - 86_400_000) return "yesterday " + clockTime;
  const sameYear = at.getFullYear() === new Date(now).getFullYear();
  return at.toLocaleDateString("en", { month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }) + ", " + clockTime;
}

export const percent = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole).toFixed(1) + " %";

export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86400) + " d ago";
}

/** A text of the server with its times as people read them: `until 2026-11-26T19:12:04Z` is `in 22 s`, `19:12` or `Nov 3, 19:12`. */
export function withTimes(text: string, now: number): string {
  return text.replace(/(until )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/g, (_, until: string | undefined, time: string) => {
    const seconds = Math.ceil((Date.parse(time) - now) / 1000);
    if (until && seconds > 0 && seconds < 3600) return `for another ${seconds < 120 ? seconds + " s" : Math.ceil(seconds / 60) + " min"}`;
    return (until ?? "") + day(time, now);
  });
}
