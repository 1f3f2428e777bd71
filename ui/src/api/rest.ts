// The REST interface, as server/src/main/resources/io/davylamp/server/openapi.yaml describes it.

import type { Facts } from "../lib/columns";
import type { Question } from "../lib/question";
import type { Timeline } from "../lib/timeline";
import type { Tree } from "../lib/tree";
import { SELECTORS } from "../lib/vocabulary";
import { BASE } from "./base";
import { isPassing, Problem, Slowed } from "./problem";
import { reached, refused } from "./reach";
import { signInNeeded } from "./session";
import { loadTree } from "./worker";

export interface Service {
  name: string;
  liveInstances: number;
  instances: number;
  lastSeen: string;
}

export interface Instance {
  name: string;
  live: boolean;
  unable: string;
  /** The word for it, of docs/reference/protocol.md; empty when the agent has none. */
  unableCode: string;
  /** Events and options that are impossible there, each with the reason. */
  lacks: Record<string, string>;
  unsure: Record<string, string>;
  /** 0: the agent has no limit of its own. */
  maxSeconds: number;
  properties: Record<string, string>;
  labels: Record<string, string>;
  firstSeen: string;
  lastSeen: string;
}

export type State =
  | "PENDING" | "OFFERED" | "ACCEPTED" | "RUNNING" | "RECEIVING" | "STORED"
  | "READY" | "UNREADABLE" | "FAILED" | "TOO_LARGE" | "EXPIRED" | "CANCELLED";

export interface Assignment {
  id: string;
  instance: string;
  state: State;
  reason: string;
  /** What really took the samples; empty while unknown. */
  engine: string;
  note: string;
  since: string;
  runningSince: string | null;
  declaredBytes: number;
  receivedBytes: number;
  recordingBytes: number;
}

export interface Task {
  id: string;
  service: string;
  instances: string[];
  durationSeconds: number;
  events: string[];
  options: Record<string, string>;
  command: string;
  created: string;
  live: boolean;
  /** Who created it; empty or missing when nobody noted it. */
  author?: string;
  /** That a person gave it; empty while nobody did. */
  title?: string;
  assignments: Assignment[];
}

export interface NewTask {
  service: string;
  instances: string[] | "all" | number;
  durationSeconds: number;
  events: string[];
  options: Record<string, string>;
}

export interface Capabilities {
  events: { name: string; engine: boolean }[];
  options: { name: string; allowed: string }[];
  maxDurationSeconds: number;
  maxInstances: number;
}

export interface OpenedFile {
  id: string;
  name: string;
  sizeBytes: number;
  kept: boolean;
  opened: string;
}

export interface Status {
  process: { version: string; started: string; jvm: string; system: string; processors: number; heapBytes: { used: number; max: number } };
  access: { you: string; page: string; agents: string };
  storage: {
    folder: string; freeBytes: number | null; tasks: number; recordingBytes: number; profileBytes: number; files: number; fileBytes: number;
  };
  /** The folder that the server was unpacked to; empty for those who do not administer it, and where it has no agent. */
  home: string;
  agentsConnected: number;
  health: { name: string; well: boolean; detail: string; forSeconds: number }[];
  servers: {
    id: string; name: string; version: string; http: string; agents: string; answering: boolean; live: boolean;
    started: string; heard: string; clockAheadMillis: number;
  }[];
  settings: { name: string; value: string; meaning: string; changed: boolean }[];
}

export interface MeasureTotal {
  name: string;
  unit: string;
  /** Samples of the profiler, and the time that each is worth; 0 when that is not the same for all. */
  samples: number;
  intervalNanos: number;
  events: number;
  total: number;
  /** Time that was recorded and selected, of all profiles together; the same, each second counted once for each processor. */
  lengthNanos: number;
  coreNanos: number;
}

export interface HotMethod {
  name: string;
  kind: string;
  self: number;
  total: number;
  selfSamples?: number;
  totalSamples?: number;
  baselineSelf?: number;
  baselineTotal?: number;
  instances: number;
}

export interface Hot extends Facts {
  measure: string;
  unit: string;
  total: number;
  baselineTotal?: number;
  scale?: number;
  rows: number;
  methods: HotMethod[];
}

export interface ThreadRow {
  name: string;
  total: number;
  samples: number;
  threads: number;
  states: Record<string, number>;
}

export interface Threads extends Facts {
  measure: string;
  unit: string;
  total: number;
  rows: number;
  threads: ThreadRow[];
}

export interface Me {
  /** How one signs in: not at all, with name and password, at an identity provider, or only with a token, which the page has no place for. */
  signIn: "none" | "password" | "oidc" | "token";
  /** Where a browser goes to sign in at the identity provider, and what that is called; none or null without one. */
  oidc?: { login: string; provider: string } | null;
  signedIn: boolean;
  kind: string;
  name: string;
  /** Whether users, tokens and the audit log are theirs to see. */
  administrator: boolean;
  /** Such as `profiler checkout-*`. */
  grants: string[];
  /** Where the source of a method is, as a template; empty or missing where nobody said. */
  sourceLink?: string;
}

export interface User {
  name: string;
  grants: string[];
  created: string;
}

/** Who is signed in, once or several times. */
export interface SignedIn {
  /** Of the identity provider; empty for a local user. */
  issuer: string;
  subject: string;
  name: string;
  sessions: number;
  signedIn: string;
  lastUsed: string;
}

export interface Token {
  id: string;
  name: string;
  kind: "API" | "AGENT";
  grants: string[];
  author: string;
  created: string;
  /** Null: only when it is revoked. */
  ends: string | null;
  lastUsed: string | null;
}

export interface NewToken {
  name: string;
  kind: Token["kind"];
  grants: string[];
  lastsSeconds?: number;
}

export interface AuditEntry {
  id: string;
  at: string;
  kind: string;
  who: string;
  name: string;
  address: string;
  action: string;
  service: string;
  instances: string[];
  subject: string;
  result: "DONE" | "REFUSED" | "FAILED";
  detail: string;
}

const API = BASE + "/api/v1";
/** Before a refused stream of changes is asked for again. */
const AGAIN_MILLIS = 1000;

export interface Findings {
  measure: string;
  /** The most important first; `words` of a query, and of the page, show what a sentence is about. */
  findings: { rule: string; text: string; words: Record<string, string> }[];
}

async function request(path: string, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(API + path, init);
    reached(true);
    return response;
  } catch {
    reached(false);
    throw new Problem(0, "The server cannot be reached.");
  }
}

/** Waits while nobody is signed in, and then asks again. */
async function send<T>(path: string, init?: RequestInit): Promise<T> {
  let response = await request(path, init);
  while (response.status === 401) {
    await signInNeeded();
    response = await request(path, init);
  }
  if (response.status === 503) refused();
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ detail: "HTTP status " + response.status }));
    throw new Problem(response.status, problem.detail, problem.field, problem.task);
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

const post = <T>(path: string, body: unknown) =>
  send<T>(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const id = encodeURIComponent;

function query(words: [string, string][]): string {
  const text = new URLSearchParams(words).toString();
  return text ? "?" + text : "";
}

const selectors = (words: [string, string][]) => words.filter(([word]) => SELECTORS.includes(word));

const view = (name: string, question: Question) =>
  `${question.path}/${name}${query(question.words)}`;

const tree = (name: string, question: Question): Promise<Tree> =>
  loadTree(API + view(name, { path: question.path, words: [...question.words, ["format", "columns"]] }));

function upload(file: Blob, name: string, sent: (bytes: number) => void, gone: AbortSignal): Promise<OpenedFile> {
  return new Promise<OpenedFile>((done, failed) => {
    // Only this one tells how far an upload is.
    const sending = new XMLHttpRequest();
    sending.open("POST", API + "/files?name=" + id(name));
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.upload.onprogress = event => sent(event.loaded);
    sending.onload = () => {
      reached(true);
      let answer: { detail?: string; field?: string } = {};
      try {
        answer = JSON.parse(sending.responseText);
      } catch {
        // something in front of the server answered
      }
      if (sending.status === 503) refused();
      if (sending.status < 300) done(answer as OpenedFile);
      else failed(new Problem(sending.status, answer.detail ?? "HTTP status " + sending.status, answer.field));
    };
    sending.onerror = () => {
      reached(false);
      failed(new Problem(0, "The server cannot be reached."));
    };
    sending.onabort = () => failed(new Problem(0, "Cancelled."));
    gone.addEventListener("abort", () => sending.abort());
    sending.send(file);
  });
}

export const rest = {
  /** Who asks, and how one signs in; a server that knows no sign-in lets everybody do everything. */
  me: async (): Promise<Me> => {
    const response = await request("/me");
    if (response.ok) return (await response.json()) as Me;
    if (response.status === 404) return { signIn: "none", signedIn: false, kind: "ANYONE", name: "", administrator: false, grants: [] };
    throw new Problem(response.status, "HTTP status " + response.status);
  },
  /** @throws Problem of status 401 when name or password is wrong, Slowed when that was so too often */
  login: async (name: string, password: string): Promise<void> => {
    const response = await request("/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, password }) });
    if (response.ok) return;
    const problem = await response.json().catch(() => ({ detail: "HTTP status " + response.status }));
    if (response.status === 429) throw new Slowed(Number(response.headers.get("Retry-After")) || 1, problem.detail);
    throw new Problem(response.status, problem.detail, problem.field);
  },
  /** Lets the command line on this machine sign in; answers with the address of it to which the browser goes. */
  allow: (asked: { challenge: string; state: string; port: number; host: string }) => post<{ to: string }>("/login/code", asked),
  /** Answers with where the browser goes to leave the identity provider, too. */
  logout: () => post<{ next: string } | undefined>("/logout", {}),
  users: async () => (await send<{ users: User[] }>("/users")).users,
  addUser: (user: { name: string; password: string; grants: string[] }) => post<User>("/users", user),
  changeUser: (name: string, changes: { password?: string; grants?: string[] }) => post<User>("/users/" + id(name), changes),
  removeUser: (name: string) => send<void>("/users/" + id(name), { method: "DELETE" }),
  signedIn: async () => (await send<{ people: SignedIn[] }>("/sessions")).people,
  endSessions: ({ issuer, subject }: SignedIn) => post<{ ended: number }>("/sessions/end", { issuer, subject }),
  tokens: async () => (await send<{ tokens: Token[] }>("/tokens")).tokens,
  /** The only answer that has the secret. */
  makeToken: (token: NewToken) => post<Token & { secret: string }>("/tokens", token),
  revokeToken: (token: string) => send<void>("/tokens/" + id(token), { method: "DELETE" }),
  audit: async (words: [string, string][]) => (await send<{ entries: AuditEntry[] }>("/audit" + query(words))).entries,
  stopAll: async () => (await post<{ stopped: number }>("/stop-all", {})).stopped,
  capabilities: () => send<Capabilities>("/capabilities"),
  /** What the profiler would be told; a Problem when the task is not possible. */
  check: (task: NewTask) => post<{ command: string; instances: number }>("/tasks/check", task),
  stop: (task: string) => post<Task>(`/tasks/${id(task)}/stop`, {}),
  readAgain: (task: string, assignment: string) =>
    post<Task>(`/tasks/${id(task)}/assignments/${id(assignment)}/read-again`, {}),
  trust: (service: string, instance: string) =>
    post<void>(`/services/${id(service)}/instances/${id(instance)}/trust`, {}),
  services: async () => (await send<{ services: Service[] }>("/services")).services,
  instances: async (service: string) =>
    (await send<{ instances: Instance[] }>(`/services/${id(service)}/instances`)).instances,
  tasks: async (service?: string) =>
    (await send<{ tasks: Task[] }>("/tasks?limit=20" + (service ? "&service=" + id(service) : ""))).tasks,
  running: async () => (await send<{ tasks: Task[] }>("/tasks?limit=100&live=true")).tasks,
  status: () => send<Status>("/status"),
  task: (task: string) => send<Task>("/tasks/" + id(task)),
  create: (task: NewTask) => post<Task>("/tasks", task),
  retitle: (task: string, title: string) =>
    send<Task>(`/tasks/${id(task)}/title`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title }) }),
  cancel: (task: string) => post<Task>(`/tasks/${id(task)}/cancel`, {}),
  remove: (task: string) => send<void>("/tasks/" + id(task), { method: "DELETE" }),
  measures: async (question: Question) =>
    (await send<{ measures: MeasureTotal[] }>(question.path.startsWith("/tasks/")
      ? `${question.path}/measures${query(question.words.filter(([word]) => word === "instance"))}`
      : `${question.path}/info${query(selectors(question.words))}`)).measures,
  /** The same of what the filters accept: samples have to be read for it. */
  sums: async (question: Question) => {
    const words = question.words.filter(([word]) => !word.startsWith("base-") && !["measure", "detail", "by"].includes(word));
    return (await send<{ measures: MeasureTotal[] }>(`${question.path}/${question.path.startsWith("/tasks/") ? "measures" : "info"}${query(words)}`)).measures;
  },
  flame: (question: Question) => tree("flame", question),
  callers: (question: Question) => tree("callers", question),
  callees: (question: Question) => tree("callees", question),
  hot: (question: Question) => send<Hot>(view("hot", question)),
  timeline: (question: Question) => send<Timeline>(view("timeline", question)),
  findings: (question: Question) => send<Findings>(view("findings", question)),
  threads: (question: Question) => send<Threads>(view("threads", question)),
  /** Where the flame graph is to be had in another format. */
  exportUrl: (question: Question, format: string) =>
    API + view("flame", { path: question.path, words: [...question.words, ["format", format]] }),
  /**
   * Opens a recording or another profiler's file to look at; the server keeps it only when it is told to.
   *
   * @param sent told how many bytes have travelled; all of them do before the server has read them
   * @param gone ends it, on the page and on the way
   */
  open: async (file: Blob, name: string, sent: (bytes: number) => void, gone: AbortSignal): Promise<OpenedFile> => {
    for (;;) {
      try {
        return await upload(file, name, sent, gone);
      } catch (e) {
        if (!(e instanceof Problem && e.status === 401)) throw e;
        await signInNeeded();
        if (gone.aborted) throw e;
      }
    }
  },
  files: async () => (await send<{ files: OpenedFile[] }>("/files")).files,
  file: (file: string) => send<OpenedFile>("/files/" + id(file)),
  keep: (file: string) => post<OpenedFile>(`/files/${id(file)}/keep`, {}),
  removeFile: (file: string) => send<void>("/files/" + id(file), { method: "DELETE" }),
  fileUrl: (file: string) => `${API}/files/${id(file)}/recording`,
  recordingUrl: (task: string, assignment: string) => `${API}/tasks/${id(task)}/assignments/${id(assignment)}/recording`,

  /** Calls back with the task at once and after each change, until it is over; returns how to stop. */
  follow(task: string, changed: (task: Task) => void): () => void {
    let source: EventSource;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(`${API}/tasks/${id(task)}/changes`);
      source.addEventListener("task", event => {
        const now = JSON.parse((event as MessageEvent<string>).data) as Task;
        if (!now.live) {
          source.close(); // the server ends the stream here; an open source would ask again
        }
        changed(now);
      });
      source.addEventListener("deleted", () => source.close());
      source.addEventListener("open", () => reached(true));
      source.addEventListener("error", () => {
        if (source.readyState !== EventSource.CLOSED) reached(false);
        else if (!gone) again();
      });
    };
    // Refused, which an event source does not say more of: the task itself does, once somebody is signed in and the server can.
    const again = () => void rest.task(task).then(
      now => {
        if (gone) return;
        changed(now);
        if (now.live) timer = setTimeout(open, AGAIN_MILLIS);
      },
      failure => {
        if (!gone && isPassing(failure)) timer = setTimeout(again, AGAIN_MILLIS);
      },
    );
    open();
    return () => {
      gone = true;
      clearTimeout(timer);
      source.close();
    };
  },
};
