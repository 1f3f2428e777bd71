import { useEffect, useState } from "preact/hooks";
import { rest, type Assignment, type NewTask, type Task as TaskData } from "../api/rest";
import { amount, bytes, percent } from "../lib/format";
import { useLoaded } from "../state/load";
import { go, setQuery, useRoute } from "../state/route";
import { Flame } from "./flame";
import { Link } from "./link";

const DETAILS = ["line", "method", "class", "package"];

/** One task: how far each instance is, live, and the flame graph as soon as the first is ready. */
export function Task({ id }: { id: string }) {
  const [task, setTask] = useState<TaskData | null>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    let stop = () => {};
    rest.task(id).then(
      first => {
        setTask(first);
        if (first.live) stop = rest.follow(id, setTask);
      },
      e => setProblem(e.message),
    );
    return () => stop();
  }, [id]);

  if (problem) return <p class="problem" role="alert">{problem}</p>;
  if (!task) return <p class="quiet">Loading…</p>;
  const act = (work: Promise<unknown>) => work.catch(e => setProblem(e.message));
  return (
    <>
      <h1>
        <Link to="/">Services</Link> / <Link to={"/services/" + encodeURIComponent(task.service)}>{task.service}</Link> / {task.id}
      </h1>
      <div class="row">
        <code>{task.command}</code> <span>for {task.durationSeconds} s</span>
        {task.live
          ? <button type="button" onClick={() => act(rest.cancel(id).then(setTask))}>Cancel</button>
          : (
            <>
              <button type="button" onClick={() => act(rest.create(again(task)).then(next => go("/tasks/" + next.id)))}>Run again</button>
              <button type="button" onClick={() => confirm("Delete this task with its recordings?") && act(rest.remove(id).then(() => go("/services/" + encodeURIComponent(task.service))))}>Delete</button>
            </>
          )}
      </div>
      <Assignments task={task} />
      <Explore task={task} />
    </>
  );
}

/** What was asked for, without what became of it. */
function again({ service, instances, durationSeconds, events, options }: TaskData): NewTask {
  return { service, instances, durationSeconds, events, options };
}

function Assignments({ task }: { task: TaskData }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!task.live) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [task.live]);
  return (
    <table data-testid="assignments">
      <thead><tr><th>Instance</th><th>State</th><th /><th>Recording</th><th /></tr></thead>
      <tbody>
        {task.assignments.map(each => (
          <tr key={each.id}>
            <td>{each.instance}</td>
            <td class={"state-" + each.state}>{each.state.toLowerCase().replace("_", " ")}</td>
            <td>{progress(task, each, now)}</td>
            <td>{each.recordingBytes > 0 && <a href={rest.recordingUrl(task.id, each.id)} download>{bytes(each.recordingBytes)} .jfr</a>}</td>
            <td class={each.state === "READY" ? "quiet" : "problem"}>{each.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function progress(task: TaskData, each: Assignment, now: number) {
  switch (each.state) {
    case "RUNNING": {
      const passed = Math.max(0, Math.min(task.durationSeconds, (now - Date.parse(each.runningSince!)) / 1000));
      return <><progress max={task.durationSeconds} value={passed} /> {passed.toFixed(0)} of {task.durationSeconds} s</>;
    }
    case "RECEIVING":
      return <><progress max={each.declaredBytes} value={each.receivedBytes} /> {bytes(each.receivedBytes)} of {bytes(each.declaredBytes)}</>;
    case "PENDING": case "OFFERED": case "ACCEPTED": case "STORED":
      return <progress />;
    default:
      return null;
  }
}

function Explore({ task }: { task: TaskData }) {
  const { query } = useRoute();
  const ready = task.assignments.filter(each => each.state === "READY").length;
  const key = ready === 0 ? null : task.id + " " + ready;
  const measures = useLoaded(key, () => rest.measures(task.id));
  const detail = query.get("detail") ?? "method";
  const measure = query.get("measure") ?? measures.value?.[0]?.name;
  const viewKey = key === null || !measure ? null : [key, measure, detail].join(" ");
  const flame = useLoaded(viewKey, () => rest.flame(task.id, measure!, detail));
  const hot = useLoaded(viewKey, () => rest.hot(task.id, measure!));
  if (ready === 0) return null;
  const problem = measures.problem ?? flame.problem ?? hot.problem;
  return (
    <>
      <h2>{ready} of {task.assignments.length} instance{task.assignments.length === 1 ? "" : "s"}</h2>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <div class="row" role="group" aria-label="measure">
        {(measures.value ?? []).map(each => (
          <button key={each.name} type="button" aria-pressed={each.name === measure} onClick={() => setQuery("measure", each.name)}>
            {each.name} <span class="quiet">{amount(each.total, each.unit)}</span>
          </button>
        ))}
        <label>by <select value={detail} onChange={event => setQuery("detail", event.currentTarget.value)}>
          {DETAILS.map(each => <option key={each}>{each}</option>)}
        </select></label>
      </div>
      {flame.value && <Flame columns={flame.value} query={query.get("search") ?? ""} onQuery={text => setQuery("search", text)} />}
      {hot.value && (
        <>
          <h2>Hot methods</h2>
          <table data-testid="hot">
            <thead><tr><th class="number">Self</th><th class="number" /><th class="number">Total</th><th>Method</th></tr></thead>
            <tbody>
              {hot.value.methods.map(method => (
                <tr key={method.name}>
                  <td class="number">{percent(method.self, hot.value!.total)}</td>
                  <td class="number quiet">{amount(method.self, hot.value!.unit)}</td>
                  <td class="number">{percent(method.total, hot.value!.total)}</td>
                  <td><code>{method.name}</code></td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}
