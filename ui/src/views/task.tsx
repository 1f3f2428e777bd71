import { useEffect, useState } from "preact/hooks";
import { rest, type Assignment, type NewTask, type Task as TaskData } from "../api/rest";
import { bytes } from "../lib/format";
import { stateWord } from "../lib/words";
import { watch } from "../state/load";
import { go } from "../state/route";
import { useTitle } from "../state/title";
import { Explore } from "./explore";
import { Link } from "./link";

/** One task: how far each instance is, live, and its profile as soon as the first is ready. */
export function Task({ id }: { id: string }) {
  const [task, setTask] = useState<TaskData | null>(null);
  const [problem, setProblem] = useState("");

  useTitle(task ? `${task.service} ${task.events.join(", ")}` : "Task");
  useEffect(() => {
    let follow = () => {};
    const wait = watch(() => rest.task(id), first => {
      setProblem(first.problem ?? "");
      if (first.value) {
        setTask(first.value);
        if (first.value.live) follow = rest.follow(id, setTask);
      }
    });
    return () => {
      wait();
      follow();
    };
  }, [id]);

  if (!task) return problem ? <p class="problem" role="alert">{problem}</p> : <p class="quiet">Loading…</p>;
  const act = (work: Promise<unknown>) => {
    setProblem("");
    work.catch(e => setProblem(e.message));
  };
  const ready = task.assignments.filter(each => each.state === "READY");
  return (
    <>
      <h1>
        <Link to="/">Services</Link> / <Link to={"/services/" + encodeURIComponent(task.service)}>{task.service}</Link> / {task.id}
      </h1>
      <div class="row">
        <code>{task.command}</code> <span>for {task.durationSeconds} s</span>
        {task.live
          ? (
            <>
              <button type="button" title="Ends the profiling now and keeps the samples so far" onClick={() => act(rest.stop(id).then(setTask))}>Stop and keep data</button>
              <button type="button" onClick={() => act(rest.cancel(id).then(setTask))}>Cancel</button>
            </>
          )
          : (
            <>
              <button type="button" onClick={() => act(rest.create(again(task)).then(next => go("/tasks/" + next.id)))}>Run again</button>
              <button type="button" onClick={() => confirm("Delete this task with its recordings?") && act(rest.remove(id).then(() => go("/services/" + encodeURIComponent(task.service))))}>Delete</button>
            </>
          )}
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <Assignments task={task} onAgain={assignment => act(rest.readAgain(id, assignment).then(setTask))} />
      {ready.length > 0 && (
        <>
          <h2>{ready.length} of {task.assignments.length} instance{task.assignments.length === 1 ? "" : "s"}</h2>
          <Explore path={"/tasks/" + encodeURIComponent(id)} version={id + " " + ready.length} instances={ready.map(each => each.instance)} service={task.service}
            recordings={ready.map(each => ({ label: each.instance, url: rest.recordingUrl(id, each.id) }))} />
        </>
      )}
    </>
  );
}

/** What was asked for, without what became of it. */
function again({ service, instances, durationSeconds, events, options }: TaskData): NewTask {
  return { service, instances, durationSeconds, events, options };
}

function Assignments({ task, onAgain }: { task: TaskData; onAgain: (assignment: string) => void }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!task.live) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [task.live]);
  return (
    <div class="wide">
      <table data-testid="assignments">
        <thead><tr><th>Instance</th><th>State</th><th /><th>Engine</th><th>Recording</th><th /></tr></thead>
        <tbody>
          {task.assignments.map(each => (
            <tr key={each.id}>
              <td>{each.instance}</td>
              <td class={"state-" + each.state}>{stateWord(each.state)}</td>
              <td>{progress(task, each, now)}</td>
              <td>{each.engine}</td>
              <td>{each.recordingBytes > 0 && <a href={rest.recordingUrl(task.id, each.id)} download>{bytes(each.recordingBytes)} .jfr</a>}</td>
              <td>
                {each.reason && <span class={each.state === "READY" ? "quiet" : "problem"}>{each.reason} </span>}
                {each.note && <span class="quiet">{each.note} </span>}
                {each.state === "UNREADABLE" && <button type="button" onClick={() => onAgain(each.id)}>Read again</button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
