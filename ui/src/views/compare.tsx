import { rest } from "../api/rest";
import { day } from "../lib/format";
import { taskTitle } from "../lib/words";
import { useLoaded } from "../state/load";
import { show, useRoute } from "../state/route";
import { Item, Popover } from "./kit/popover";

const NOTHING = { "base-task": null, "base-file": null, "base-instance": null };

/** Another task, another instance or an opened file as the baseline of what is shown. */
export function CompareWith({ path, service, instances }: { path: string; service?: string; instances: string[] }) {
  const { query } = useRoute();
  const chosen = Object.keys(NOTHING).find(word => query.has(word));
  return (
    <Popover icon="compare" text="Compare" label="Compare with a baseline" style="secondary" end name="list" pressed={chosen !== undefined}>
      {close => <Choices path={path} service={service} instances={instances} chosen={chosen ? `${chosen}=${query.get(chosen)}` : ""} onChoose={(word, value) => {
        close();
        show(word ? { ...NOTHING, [word]: value } : NOTHING);
      }} />}
    </Popover>
  );
}

function Choices({ path, service, instances, chosen, onChoose }: {
  path: string; service?: string; instances: string[]; chosen: string; onChoose: (word: string, value: string) => void;
}) {
  const tasks = useLoaded("comparable tasks " + service, () => rest.tasks(service));
  const files = useLoaded("comparable files", rest.files);
  const able = (tasks.value ?? []).filter(task => !path.endsWith("/" + task.id) && task.assignments.some(each => each.state === "READY"));
  const opened = (files.value ?? []).filter(file => !path.endsWith("/" + file.id));
  const now = Date.now();
  const item = (word: string, value: string, text: string, note?: string) => (
    <Item key={word + value} value={`${word}=${value}`} text={text} note={note} chosen={chosen === `${word}=${value}`} onClick={() => onChoose(word, value)} />
  );
  return (
    <>
      {chosen && <Item text="No baseline" icon="close" onClick={() => onChoose("", "")} />}
      {instances.length > 1 && <><h3>An instance of this task</h3>{instances.map(each => item("base-instance", each, each))}</>}
      {able.length > 0 && <><h3>Another task</h3>{able.map(task => item("base-task", task.id, `${service ? "" : task.service + " · "}${taskTitle(task)}`, day(task.created, now)))}</>}
      {opened.length > 0 && <><h3>An opened file</h3>{opened.map(file => item("base-file", file.id, file.name, day(file.opened, now)))}</>}
      {tasks.value && files.value && able.length + opened.length === 0 && instances.length < 2 && <p class="quiet">There is no other profile yet.</p>}
      <p class="quiet hint">Shift-drag over the timeline compares with another part of this profile.</p>
    </>
  );
}
