import { rest } from "../api/rest";
import { useLoaded } from "../state/load";
import { show, useRoute } from "../state/route";

const NOTHING = { "base-task": null, "base-file": null, "base-instance": null };

/** Another task, another instance or an opened file as the baseline of what is shown. */
export function CompareWith({ path, service, instances }: { path: string; service?: string; instances: string[] }) {
  const { query } = useRoute();
  const tasks = useLoaded("comparable tasks " + service, () => rest.tasks(service));
  const files = useLoaded("comparable files", rest.files);
  const able = (tasks.value ?? []).filter(task => !path.endsWith("/" + task.id) && task.assignments.some(each => each.state === "READY"));
  const opened = (files.value ?? []).filter(file => !path.endsWith("/" + file.id));
  const chosen = ["base-task", "base-file", "base-instance"].find(word => query.has(word));
  if (able.length + opened.length === 0 && instances.length < 2) return null;
  return (
    <label>Baseline: <select
      value={chosen ? chosen + "=" + query.get(chosen) : ""}
      onChange={event => {
        const [word, ...value] = event.currentTarget.value.split("=");
        show(word ? { ...NOTHING, [word]: value.join("=") } : NOTHING);
      }}
    >
      <option value="">none</option>
      {instances.length > 1 && (
        <optgroup label="instances">{instances.map(each => <option key={each} value={"base-instance=" + each}>{each}</option>)}</optgroup>
      )}
      {able.length > 0 && (
        <optgroup label="tasks">
          {able.map(task => (
            <option key={task.id} value={"base-task=" + task.id}>{task.created.slice(5, 19).replace("T", " ")} {service ? "" : task.service + " "}{task.events.join(", ")}</option>
          ))}
        </optgroup>
      )}
      {opened.length > 0 && (
        <optgroup label="files">{opened.map(file => <option key={file.id} value={"base-file=" + file.id}>{file.name}</option>)}</optgroup>
      )}
    </select></label>
  );
}
