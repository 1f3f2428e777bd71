import { useState } from "preact/hooks";
import type { Task } from "../api/rest";
import { ago } from "../lib/format";
import { stateWord } from "../lib/words";
import { go } from "../state/route";
import { Link } from "./link";

/** Tasks in a table, newest first; several may be looked at as one, two compared. */
export function Tasks({ tasks, testId }: { tasks: Task[]; testId: string }) {
  const [chosen, setChosen] = useState<string[]>([]);
  if (tasks.length === 0) return <p class="quiet">No task yet.</p>;
  const now = Date.now();
  return (
    <div class="wide">
    {chosen.length > 0 && (
      <p class="row">
        {chosen.length} chosen
        <button type="button" disabled={chosen.length < 2} onClick={() => go("/profiles?" + chosen.map(id => "task=" + id).join("&"))}>Merge</button>
        <button type="button" disabled={chosen.length !== 2} onClick={() => go(`/tasks/${newest(tasks, chosen)}?base-task=${oldest(tasks, chosen)}`)}>Compare</button>
      </p>
    )}
    <table data-testid={testId}>
      <thead>
        <tr><th /><th>Task</th><th>Service</th><th>Measures</th><th>Duration</th><th>Instances</th><th>Created</th></tr>
      </thead>
      <tbody>
        {tasks.map(task => (
          <tr key={task.id}>
            <td><input type="checkbox" aria-label={`choose ${task.id}`} checked={chosen.includes(task.id)} disabled={!task.assignments.some(each => each.state === "READY")}
              onChange={event => setChosen(event.currentTarget.checked ? [...chosen, task.id] : chosen.filter(id => id !== task.id))} /></td>
            <td><Link to={"/tasks/" + task.id}>{task.id}</Link></td>
            <td>{task.service}</td>
            <td>{task.events.join(", ")}</td>
            <td>{task.durationSeconds} s</td>
            <td>{states(task)}</td>
            <td title={task.created}>{ago(task.created, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    </div>
  );
}

const inOrder = (tasks: Task[], chosen: string[]) => tasks.filter(task => chosen.includes(task.id)).map(task => task.id);
const newest = (tasks: Task[], chosen: string[]) => inOrder(tasks, chosen)[0];
const oldest = (tasks: Task[], chosen: string[]) => inOrder(tasks, chosen).at(-1);

function states(task: Task) {
  const counts = new Map<string, number>();
  for (const each of task.assignments) counts.set(each.state, (counts.get(each.state) ?? 0) + 1);
  return [...counts].map(([state, count]) => (
    <span key={state} class={"state-" + state}>{count} {stateWord(state)} </span>
  ));
}
