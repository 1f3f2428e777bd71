// What grants allow: texts such as `profiler checkout-*`. The server decides; the page hides what it would refuse.

export type Role = "viewer" | "profiler" | "admin";

/** Each includes those before it. */
export const ROLES: Role[] = ["viewer", "profiler", "admin"];

/** What each role may do, in words. */
export const ROLE_WORDS: Record<Role, string> = {
  viewer: "sees profiles",
  profiler: "also starts and stops tasks",
  admin: "also deletes the work of others",
};

/** Whether a pattern names a service; `*` stands for any characters. */
export function matches(pattern: string, service: string): boolean {
  const [first, ...others] = pattern.split("*") as [string, ...string[]];
  const last = others.pop();
  if (last === undefined) return pattern === service;
  if (!service.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = service.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return service.length - last.length >= at && service.endsWith(last);
}

/** A role and a pattern; the role is empty where the text is no grant. */
export function parts(grant: string): { role: Role | ""; services: string } {
  const [role, ...services] = grant.trim().split(/\s+/) as [string, ...string[]];
  return { role: ROLES.find(each => each === role) ?? "", services: services.join(" ") };
}

/** Whether grants give a role, or one that includes it, for a service. */
export const allows = (grants: string[], wanted: Role, service: string) =>
  grants.map(parts).some(({ role, services }) => role !== "" && ROLES.indexOf(role) >= ROLES.indexOf(wanted) && matches(services, service));

/** Whether grants give a role for any service at all. */
export const allowsSomewhere = (grants: string[], wanted: Role) =>
  grants.map(parts).some(({ role }) => role !== "" && ROLES.indexOf(role) >= ROLES.indexOf(wanted));
