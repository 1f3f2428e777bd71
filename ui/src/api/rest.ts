// The REST interface, as server/src/main/resources/io/davylamp/server/openapi.yaml describes it.

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
  properties: Record<string, string>;
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
  assignments: Assignment[];
}

export interface NewTask {
  service: string;
  instances: string[] | "all" | number;
  durationSeconds: number;
  events: string[];
  options: Record<string, string>;
}

export interface MeasureTotal {
  name: string;
  unit: string;
  events: number;
  total: number;
  instances: number;
}

export interface HotMethod {
  name: string;
  kind: string;
  self: number;
  total: number;
}

export interface Hot {
  measure: string;
  unit: string;
  total: number;
  methods: HotMethod[];
}

/** A merged tree as columns; nodes in preorder, node 0 is the root, its parent is -1. */
export interface FlameColumns {
  measure: string;
  unit: string;
  total: number;
  kinds: string[];
  names: string[];
  nodes: { parent: number[]; name: number[]; kind: number[]; self: number[]; total: number[] };
}

/** A refusal of the server, in its own words. */
export class Problem extends Error {
  constructor(readonly status: number, detail: string, readonly field?: string, readonly task?: string) {
    super(detail);
  }
}

async function send<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch("/api/v1" + path, init);
  } catch {
    throw new Problem(0, "The server cannot be reached.");
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ detail: "HTTP status " + response.status }));
    throw new Problem(response.status, problem.detail, problem.field, problem.task);
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

const post = <T>(path: string, body: unknown) =>
  send<T>(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const id = encodeURIComponent;

export const rest = {
  services: async () => (await send<{ services: Service[] }>("/services")).services,
  instances: async (service: string) =>
    (await send<{ instances: Instance[] }>(`/services/${id(service)}/instances`)).instances,
  tasks: async (service?: string) =>
    (await send<{ tasks: Task[] }>("/tasks?limit=20" + (service ? "&service=" + id(service) : ""))).tasks,
  task: (task: string) => send<Task>("/tasks/" + id(task)),
  create: (task: NewTask) => post<Task>("/tasks", task),
  cancel: (task: string) => post<Task>(`/tasks/${id(task)}/cancel`, {}),
  remove: (task: string) => send<void>("/tasks/" + id(task), { method: "DELETE" }),
  measures: async (task: string) =>
    (await send<{ measures: MeasureTotal[] }>(`/tasks/${id(task)}/measures`)).measures,
  flame: (task: string, measure: string, detail: string) =>
    send<FlameColumns>(`/tasks/${id(task)}/flame?nodes=50000&measure=${id(measure)}&detail=${id(detail)}`),
  hot: (task: string, measure: string) => send<Hot>(`/tasks/${id(task)}/hot?limit=30&measure=${id(measure)}`),
  recordingUrl: (task: string, assignment: string) => `/api/v1/tasks/${id(task)}/assignments/${id(assignment)}/recording`,

  /** Calls back with the task at once and after each change, until it is over; returns how to stop. */
  follow(task: string, changed: (task: Task) => void): () => void {
    const source = new EventSource(`/api/v1/tasks/${id(task)}/changes`);
    source.addEventListener("task", event => {
      const now = JSON.parse((event as MessageEvent<string>).data) as Task;
      if (!now.live) {
        source.close(); // the server ends the stream here; an open source would ask again
      }
      changed(now);
    });
    source.addEventListener("deleted", () => source.close());
    return () => source.close();
  },
};
