import { useState } from "preact/hooks";
import type { Task } from "../api/rest";
import { day } from "../lib/format";
import { durationWord, ruleTitle, stateWord, taskTitle } from "../lib/words";
import { useMe } from "../state/me";
import { go } from "../state/route";
import { Link } from "./link";

/** Tasks in a table, newest first; several may be looked at as one, two compared. */
export function Tasks({ tasks, testId, ofOne = false }: { tasks: Task[]; testId: string; /** All of one service, which need not be said. */ ofOne?: boolean }) {
  const [chosen, setChosen] = useState<string[]>([]);
  // Where nobody signs in, nobody is known.
  const hasAuthors = useMe().signIn !== "none";
  if (tasks.length === 0) return <p class="quiet">No task yet.</p>;
  const now = Date.now();
  return (
    <>
      <div class="wide">
        <table data-testid={testId} class="tasks">
          <thead>
            <tr><th><span class="hidden">Choose</span></th><th>Profile</th>{!ofOne && <th>Service</th>}<th>Instances</th>{hasAuthors && <th>By</th>}<th>Created</th></tr>
          </thead>
          <tbody>
            {tasks.map(task => (
              <tr key={task.id}>
                <td><input type="checkbox" value={task.id} aria-label={`choose ${taskTitle(task)}, ${day(task.created, now)}`} checked={chosen.includes(task.id)} disabled={!task.assignments.some(each => each.state === "READY")}
                  onChange={event => setChosen(event.currentTarget.checked ? [...chosen, task.id] : chosen.filter(id => id !== task.id))} /></td>
                <td class="task-title"><Link to={"/tasks/" + task.id} title={task.id}>{taskTitle(task)}</Link>{task.title && <span class="quiet rule-title">{ruleTitle(task)}</span>}</td>
                {!ofOne && <td>{task.service}</td>}
                <td><States task={task} now={now} /></td>
                {hasAuthors && <td>{task.author}</td>}
                <td class="quiet" title={task.created}>{day(task.created, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen.length > 0 && (
        <p class="row chosen-bar">
          {chosen.length} chosen
          <button type="button" class="secondary" disabled={chosen.length !== 2} onClick={() => go(`/tasks/${newest(tasks, chosen)}?base-task=${oldest(tasks, chosen)}`)}>Compare</button>
          <button type="button" class="secondary" disabled={chosen.length < 2} onClick={() => go("/profiles?" + chosen.map(id => "task=" + id).join("&"))}>Merge</button>
          <button type="button" class="quiet" onClick={() => setChosen([])}>Clear</button>
        </p>
      )}
    </>
  );
}

const inOrder = (tasks: Task[], chosen: string[]) => tasks.filter(task => chosen.includes(task.id)).map(task => task.id);
const newest = (tasks: Task[], chosen: string[]) => inOrder(tasks, chosen)[0];
const oldest = (tasks: Task[], chosen: string[]) => inOrder(tasks, chosen).at(-1);

/** `2 of 2 ready`; what runs with how far it is. */
export function States({ task, now }: { task: Task; now: number }) {
  const counts = new Map<string, number>();
  for (const each of task.assignments) counts.set(each.state, (counts.get(each.state) ?? 0) + 1);
  const began = Math.min(...task.assignments.filter(each => each.state === "RUNNING").map(each => Date.parse(each.runningSince!)));
  const passed = Number.isFinite(began) ? Math.max(0, Math.min(task.durationSeconds, (now - began) / 1000)) : null;
  return (
    <span class="states">
      {[...counts].map(([state, count]) => <span key={state} class={"state-" + state}>{count} of {task.assignments.length} {stateWord(state).toLowerCase()}</span>)}
      {passed !== null && <><progress max={task.durationSeconds} value={passed} aria-label="progress" /><span class="quiet">{passed.toFixed(0)} of {durationWord(task.durationSeconds)}</span></>}
    </span>
  );
}
