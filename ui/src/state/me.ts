// Who uses the page, and what they may do.

import { useEffect, useState } from "preact/hooks";
import { rest, type Me, type Task } from "../api/rest";
import { isSignInNeeded, onSignInNeeded, signedIn } from "../api/session";
import { allows, allowsSomewhere, type Role } from "../lib/grants";

/** Until the server has said otherwise: the page of a server at which nobody signs in. */
const ANYONE: Me = { signIn: "none", signedIn: false, kind: "ANYONE", name: "", administrator: false, grants: [] };

let me = ANYONE;
const listeners = new Set<() => void>();

function set(next: Me): void {
  me = next;
  listeners.forEach(listener => listener());
}

/** Once, before anything is drawn. */
export async function startMe(): Promise<void> {
  // A page that the browser kept for its Back button shows what somebody saw who has signed out since.
  addEventListener("pageshow", event => { if (event.persisted && me.signIn !== "none") location.reload(); });
  try {
    set(await rest.me());
  } catch {
    // Then requests tell whether somebody has to sign in.
  }
}

/** Somebody has signed in: goes on where the page was, but never with what somebody else saw. */
export function entered(next: Me): void {
  const other = me.signedIn && me.name !== next.name;
  if (other) {
    location.reload();
    return;
  }
  set(next);
  signedIn();
}

export function useMe(): Me {
  const [shown, show] = useState(me);
  useEffect(() => {
    const listener = () => show(me);
    listener();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return shown;
}

/** Whether a request waits for somebody to sign in. */
export function useSignInNeeded(): boolean {
  const [needed, show] = useState(isSignInNeeded);
  useEffect(() => {
    show(isSignInNeeded());
    return onSignInNeeded(show);
  }, []);
  return needed;
}

/** Asks whether who uses the page has a role for a service. */
export function useMay(): (role: Role, service: string) => boolean {
  const { signIn, grants } = useMe();
  return (role, service) => signIn === "none" || allows(grants, role, service);
}

export const mayDelete = (who: Me, task: Task) => who.signIn === "none"
  || allows(who.grants, "admin", task.service) || (task.author === who.name && allows(who.grants, "profiler", task.service));

/** Whether there is any service whose tasks this one may stop whoever started them. */
export const administersSomething = (who: Me) => who.signIn === "none" || allowsSomewhere(who.grants, "admin");
