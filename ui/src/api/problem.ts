/** A refusal of the server, in its own words; status 0 when it cannot be reached. */
export class Problem extends Error {
  constructor(readonly status: number, detail: string, readonly field?: string, readonly task?: string) {
    super(detail);
  }
}

/** Too many wrong attempts: the server wants a pause. */
export class Slowed extends Problem {
  constructor(readonly seconds: number, detail: string) {
    super(429, detail);
  }
}

/** What a proxy in front of a server that is starting answers, or a server that is busy, also with what one person asked for. */
const PASSING = [0, 429, 502, 503, 504];

/** Whether the same question may have an answer a moment later. */
export function isPassing(failure: unknown): boolean {
  return failure instanceof Problem && PASSING.includes(failure.status);
}
