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
