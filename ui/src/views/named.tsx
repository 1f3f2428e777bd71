import { rest } from "../api/rest";
import { day } from "../lib/format";
import { taskTitle } from "../lib/words";
import { useLoaded } from "../state/load";

/** What people call a task or a file, once it is known; until then, and when it is not there, its id. */
export function useName(kind: string, id: string | null): string {
  const of = async () => {
    if (kind === "file") return (await rest.file(id!)).name;
    const task = await rest.task(id!);
    return task.title || `${taskTitle(task)}, ${day(task.created, Date.now())}`;
  };
  const known = kind === "task" || kind === "file";
  return useLoaded(known && id ? `name of ${kind} ${id}` : null, of).value ?? id ?? "";
}
