import type { Task } from "../api/rest";
import { ago } from "../lib/format";
import { Link } from "./link";

/** Tasks in a table, newest first. */
export function Tasks({ tasks }: { tasks: Task[] }) {
  if (tasks.length === 0) return <p class="quiet">No task yet.</p>;
  const now = Date.now();
  return (
    <table>
      <thead>
        <tr><th>Task</th><th>Service</th><th>Measures</th><th>For</th><th>Instances</th><th>Created</th></tr>
      </thead>
      <tbody>
        {tasks.map(task => (
          <tr key={task.id}>
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
  );
}

function states(task: Task) {
  const counts = new Map<string, number>();
  for (const each of task.assignments) counts.set(each.state, (counts.get(each.state) ?? 0) + 1);
  return [...counts].map(([state, count]) => (
    <span key={state} class={"state-" + state}>{count} {state.toLowerCase()} </span>
  ));
}
