import { useEffect, useState } from "preact/hooks";
import { rest, type Assignment, type NewTask, type Task as TaskData } from "../api/rest";
import { bytes, day } from "../lib/format";
import { durationWord, ruleTitle, stateWord, taskTitle } from "../lib/words";
import { watch } from "../state/load";
import { mayDelete, useMay, useMe } from "../state/me";
import { go } from "../state/route";
import { useTitle } from "../state/title";
import { Doc } from "./doc";
import { Explore } from "./explore";
import { Head } from "./head";
import { confirmed } from "./kit/dialog";
import { Item, Popover } from "./kit/popover";
import { toast } from "./kit/toast";
import { Icon } from "./kit/icon";
import { Skeleton } from "./kit/wait";
import { Link } from "./link";
import { Missing } from "./missing";
import { TitleForm } from "./retitle";
import { States } from "./tasks";

/** States that somebody has to do something about. */
const FAILED = ["FAILED", "EXPIRED", "TOO_LARGE", "UNREADABLE"];

/** One task: how far each instance is, live, and its profile as soon as the first is ready. */
export function Task({ id }: { id: string }) {
  const [task, setTask] = useState<TaskData | null>(null);
  const [problem, setProblem] = useState<{ text: string; status?: number } | null>(null);
  const [now, setNow] = useState(Date.now());
  const [renaming, setRenaming] = useState(false);

  const me = useMe();
  const may = useMay();
  useTitle(task ? `${task.service} · ${taskTitle(task)}` : "Task");
  useEffect(() => {
    let follow = () => {};
    const wait = watch(() => rest.task(id), first => {
      setProblem(first.problem ? { text: first.problem, status: first.status } : null);
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
  useEffect(() => {
    if (!task?.live) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [task?.live]);

  if (!task) {
    if (problem?.status === 404) return <Missing title="There is no such task">It may have been deleted, or its recordings were too old to be kept.</Missing>;
    return problem ? <p class="problem" role="alert">{problem.text}</p> : <Skeleton fill />;
  }
  const act = (work: Promise<unknown>) => {
    setProblem(null);
    work.catch(e => toast((e as Error).message, true));
  };
  const at = "/services/" + encodeURIComponent(task.service);
  const mayProfile = may("profiler", task.service);
  const mayRemove = mayDelete(me, task);
  const ready = task.assignments.filter(each => each.state === "READY");
  const allReady = ready.length === task.assignments.length;
  const table = <Assignments task={task} now={now} mayProfile={mayProfile} onAgain={assignment => act(rest.readAgain(id, assignment).then(setTask))} />;
  const remove = async () => {
    if (await confirmed("Delete this task?", "Its recordings are deleted from the server. This cannot be undone.", "Delete")) {
      act(rest.remove(id).then(() => { toast("Task deleted"); go(at); }));
    }
  };
  const again = () => act(rest.create(sameAgain(task)).then(next => go("/tasks/" + next.id)));
  const crumbs = <Link to={at} title={task.service}>{task.service}</Link>;
  const rename = mayProfile && <button type="button" class="quiet tiny only-wide" aria-label="Rename this task" title="Rename this task" onClick={() => setRenaming(true)}><Icon name="pencil" /></button>;
  const renamer = renaming && <TitleForm task={task} onDone={setTask} onClose={() => setRenaming(false)} />;
  const created = (
    <>
      {rename}
      {task.title && <span class="quiet">{ruleTitle(task)}</span>}
      <span class="quiet" title={task.created}>{day(task.created, now)}{task.author && me.signIn !== "none" && `, by ${task.author}`}</span>
    </>
  );
  const meta = (
    <>
      {created}
      {allReady
        ? <Popover text={<span class="state-READY">{ready.length} of {task.assignments.length} ready</span>} label="Instances" name="list instances">{() => table}</Popover>
        : <States task={task} now={now} />}
    </>
  );
  const stops = task.live && mayProfile && (
    <>
      <button type="button" class="secondary" title="Ends the profiling now and keeps the samples so far" onClick={() => act(rest.stop(id).then(setTask))}>Stop and keep data</button>
      <button type="button" class="quiet" onClick={() => act(rest.cancel(id).then(setTask))}>Cancel</button>
    </>
  );
  const status = !allReady && <div class="progress-table">{stops && <p class="row">{stops}</p>}{table}</div>;
  if (ready.length === 0) {
    return (
      <>
        <Head crumbs={crumbs} title={taskTitle(task)} meta={<>{created}<States task={task} now={now} /></>}>
          {!task.live && mayProfile && <button type="button" class="secondary" onClick={again}>Run again</button>}
          {!task.live && mayRemove && <button type="button" class="quiet" onClick={() => void remove()}>Delete</button>}
        </Head>
        {renamer}
        <div class="before-profile">{status}<p class="quiet">Command: <code>{task.command}</code></p></div>
      </>
    );
  }
  return (
    <Explore
      about={{
        crumbs, title: taskTitle(task), meta, notice: <>{renamer}{status}</>,
        more: task.live ? undefined : close => (
          <>
            {mayProfile && <Item text="Rename" onClick={() => { close(); setRenaming(true); }} />}
            {mayProfile && <Item text="Run again" note={durationWord(task.durationSeconds)} onClick={() => { close(); again(); }} />}
            {mayRemove && <Item text="Delete" danger onClick={() => { close(); void remove(); }} />}
            <p class="quiet hint">Command: <code>{task.command}</code></p>
          </>
        ),
      }}
      path={"/tasks/" + encodeURIComponent(id)} version={id + " " + ready.length} instances={ready.map(each => each.instance)} service={task.service}
      recordings={!mayProfile ? [] : ready.map(each => ({ label: `${each.instance}.jfr, ${bytes(each.recordingBytes)}`, url: rest.recordingUrl(id, each.id) }))} />
  );
}

/** What was asked for, without what became of it. */
function sameAgain({ service, instances, durationSeconds, events, options }: TaskData): NewTask {
  return { service, instances, durationSeconds, events, options };
}

function Assignments({ task, now, mayProfile, onAgain }: { task: TaskData; now: number; mayProfile: boolean; onAgain: (assignment: string) => void }) {
  return (
    <div class="wide">
      <table data-testid="assignments" class="assignments">
        <thead><tr><th>Instance</th><th>State</th><th>Progress</th><th>Engine</th><th>Recording</th><th><span class="hidden">Actions</span></th></tr></thead>
        <tbody>
          {task.assignments.map(each => (
            <tr key={each.id}>
              <td>{each.instance}</td>
              <td class={"state-" + each.state}>{stateWord(each.state)}</td>
              <td class="progress-cell">{progress(task, each, now)}</td>
              <td>{each.engine}</td>
              <td>{each.recordingBytes > 0 && (mayProfile ? <a href={rest.recordingUrl(task.id, each.id)} download>{bytes(each.recordingBytes)} .jfr</a> : bytes(each.recordingBytes))}</td>
              <td>
                {each.reason && <span class={each.state === "READY" ? "quiet" : "problem"}>{each.reason} </span>}
                {FAILED.includes(each.state) && <Doc to="how-to/when-something-is-wrong.html#a-task-fails-or-brings-less-than-expected">What to do</Doc>}
                {each.note && <span class="quiet">{each.note} </span>}
                {each.state === "UNREADABLE" && mayProfile && <button type="button" class="secondary small" onClick={() => onAgain(each.id)}>Read again</button>}
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
      return <><progress max={task.durationSeconds} value={passed} aria-label="running" /> {passed.toFixed(0)} of {task.durationSeconds} s</>;
    }
    case "RECEIVING":
      return <><progress max={each.declaredBytes} value={each.receivedBytes} aria-label="uploading" /> {bytes(each.receivedBytes)} of {bytes(each.declaredBytes)}</>;
    case "PENDING": case "OFFERED": case "ACCEPTED": case "STORED":
      return <progress aria-label="waiting" />;
    default:
      return null;
  }
}
