// What words of the server and of recordings are called on the page.

/** States of an assignment, as people follow it. */
const STATES: Record<string, string> = {
  PENDING: "Waiting",
  OFFERED: "Waiting",
  ACCEPTED: "Starting",
  RUNNING: "Running",
  RECEIVING: "Uploading",
  STORED: "Reading",
  READY: "Ready",
  UNREADABLE: "Unreadable",
  FAILED: "Failed",
  TOO_LARGE: "Too large",
  EXPIRED: "Expired",
  CANCELLED: "Cancelled",
};

/** Kinds of frames. */
const KINDS: Record<string, string> = {
  interpreted: "Interpreted",
  jit: "JIT-compiled",
  inlined: "Inlined",
  c1: "C1-compiled",
  native: "Native",
  cpp: "C++",
  kernel: "Kernel",
  class: "Class",
  group: "Group",
  unknown: "Unknown kind",
};

/** A word that the page does not know is shown as it came. */
export const stateWord = (state: string) => STATES[state] ?? state;
export const kindWord = (kind: string) => KINDS[kind] ?? kind;

/** `1 instance`, `2 instances`. */
export const count = (n: number, noun: string) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** Measures, as people call them: on a tab, and in the title of a task. */
const MEASURES: Record<string, [string, string]> = {
  cpu: ["CPU", "CPU"],
  wall: ["Wall clock", "wall clock"],
  alloc: ["Allocated", "allocations"],
  "alloc-outside-tlab": ["Allocated outside TLABs", "allocations outside TLABs"],
  live: ["Live objects", "live objects"],
  lock: ["Waiting for locks", "locks"],
  wait: ["Waiting", "waiting"],
  "native-memory": ["Native memory", "native memory"],
  "native-leak": ["Native memory not freed", "native memory not freed"],
  "native-lock": ["Waiting for native locks", "native locks"],
  nativemem: ["Native memory", "native memory"],
  nativelock: ["Waiting for native locks", "native locks"],
  method: ["Traced methods", "traced methods"],
  native: ["Native methods", "native methods"],
  ctimer: ["CPU", "CPU (ctimer)"],
  itimer: ["CPU", "CPU (itimer)"],
};

export const measureWord = (measure: string) => MEASURES[measure]?.[0] ?? measure;
const eventWord = (event: string) => MEASURES[event]?.[1] ?? event;

const EVERYTHING = ["cpu", "wall", "alloc", "lock"];

/** What a person called a task; until then what its rule says. */
export const taskTitle = (task: { title?: string; events: string[]; durationSeconds: number }) => task.title || ruleTitle(task);

/** `CPU, allocations · 10 s`: a task, by what was measured and for how long. */
export function ruleTitle({ events, durationSeconds }: { events: string[]; durationSeconds: number }): string {
  const all = EVERYTHING.every(event => events.includes(event)) && events.length === EVERYTHING.length;
  const words = all ? "All" : events.map(eventWord).join(", ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} · ${durationWord(durationSeconds)}`;
}

/** `10 s`, `5 min`, `1 min 30 s`. */
export function durationWord(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return minutes === 0 ? `${seconds} s` : `${minutes} min${rest ? ` ${rest} s` : ""}`;
}
