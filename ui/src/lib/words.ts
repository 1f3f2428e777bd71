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
