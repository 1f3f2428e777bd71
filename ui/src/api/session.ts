// Requests that are refused because nobody is signed in wait here until somebody is: nothing that was asked for is lost.

type Listener = (needed: boolean) => void;

const listeners = new Set<Listener>();
let waiting: (() => void)[] = [];

function tell(): void {
  listeners.forEach(listener => listener(waiting.length > 0));
}

/** Resolves when somebody has signed in. */
export function signInNeeded(): Promise<void> {
  return new Promise(done => {
    waiting.push(done);
    tell();
  });
}

/** Lets all that waited go on. */
export function signedIn(): void {
  const all = waiting;
  waiting = [];
  tell();
  all.forEach(done => done());
}

export const isSignInNeeded = () => waiting.length > 0;

export function onSignInNeeded(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
