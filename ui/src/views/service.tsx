import { useState } from "preact/hooks";
import { Problem, rest, type Instance } from "../api/rest";
import { ago } from "../lib/format";
import { useLoaded } from "../state/load";
import { go } from "../state/route";
import { Link } from "./link";
import { Tasks } from "./tasks";

const PRESETS: { name: string; events: string[]; options: string }[] = [
  { name: "CPU", events: ["cpu"], options: "" },
  { name: "Allocations", events: ["alloc"], options: "" },
  { name: "Locks", events: ["lock"], options: "" },
  { name: "Wall clock", events: ["wall"], options: "" },
  { name: "Everything, gently", events: ["cpu", "alloc", "lock", "wall"], options: "interval=20ms,alloc=2m,lock=10ms,wall=200ms" },
];
const DURATIONS = [10, 30, 60, 300];

/** Instances of one service, and the form that profiles them. */
export function Service({ name }: { name: string }) {
  const instances = useLoaded("instances " + name, () => rest.instances(name), 2000);
  const tasks = useLoaded("tasks " + name, () => rest.tasks(name), 2000);
  const now = Date.now();
  return (
    <>
      <h1><Link to="/">Services</Link> / {name}</h1>
      {instances.problem && <p class="problem" role="alert">{instances.problem}</p>}
      {instances.value && <Profile service={name} instances={instances.value} />}
      <h2>Instances</h2>
      <table>
        <thead><tr><th>Instance</th><th>State</th><th>Host</th><th>Process</th><th>JVM</th><th>Last seen</th></tr></thead>
        <tbody>
          {(instances.value ?? []).map(instance => (
            <tr key={instance.name}>
              <td>{instance.name}</td>
              <td>{instance.unable ? <span class="state-FAILED">cannot be profiled: {instance.unable}</span> : instance.live ? <span class="state-READY">live</span> : "gone"}</td>
              <td>{instance.properties.host}</td>
              <td>{instance.properties.pid}</td>
              <td>{instance.properties.jvm} {instance.properties.java}</td>
              <td>{ago(instance.lastSeen, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Tasks</h2>
      {tasks.value && <Tasks tasks={tasks.value} />}
    </>
  );
}

function Profile({ service, instances }: { service: string; instances: Instance[] }) {
  const [preset, setPreset] = useState(0);
  const [duration, setDuration] = useState(30);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [options, setOptions] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const able = instances.filter(instance => instance.live && !instance.unable);

  async function start(event: Event) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const byName: Record<string, string> = {};
      for (const option of (options || PRESETS[preset]!.options).split(",").map(text => text.trim()).filter(Boolean)) {
        const [key, ...value] = option.split("=");
        byName[key!] = value.join("=");
      }
      const task = await rest.create({
        service,
        instances: chosen ?? able.map(instance => instance.name),
        durationSeconds: duration,
        events: PRESETS[preset]!.events,
        options: byName,
      });
      go("/tasks/" + task.id);
    } catch (e) {
      setProblem(e as Problem);
      setBusy(false);
    }
  }

  return (
    <form class="profile" onSubmit={start}>
      <fieldset>
        <legend>Measure</legend>
        {PRESETS.map((each, i) => (
          <button key={each.name} type="button" aria-pressed={i === preset} onClick={() => setPreset(i)}>{each.name}</button>
        ))}
      </fieldset>
      <fieldset>
        <legend>For</legend>
        {DURATIONS.map(seconds => (
          <button key={seconds} type="button" aria-pressed={seconds === duration} onClick={() => setDuration(seconds)}>
            {seconds < 60 ? seconds + " s" : seconds / 60 + " min"}
          </button>
        ))}
        <label>seconds <input name="duration" type="number" min="1" value={duration}
          onInput={event => setDuration(event.currentTarget.valueAsNumber || 0)} /></label>
      </fieldset>
      <fieldset>
        <legend>Instances</legend>
        <label><input type="checkbox" checked={chosen === null} onChange={event => setChosen(event.currentTarget.checked ? null : [])} /> all {able.length} live</label>
        {chosen !== null && able.map(instance => (
          <label key={instance.name}>
            <input type="checkbox" checked={chosen.includes(instance.name)}
              onChange={event => setChosen(event.currentTarget.checked ? [...chosen, instance.name] : chosen.filter(each => each !== instance.name))} />
            {" "}{instance.name}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Options</legend>
        <input name="options" size={50} placeholder={PRESETS[preset]!.options || "of async-profiler, such as interval=5ms,cstack=vm"} value={options}
          aria-label="options of the profiler" onInput={event => setOptions(event.currentTarget.value)} />
      </fieldset>
      <div class="row">
        <button class="primary" type="submit" disabled={busy || able.length === 0}>Profile</button>
        {able.length === 0 && <span class="quiet">No instance is live now.</span>}
        {problem && <span class="problem" role="alert">{problem.message} {problem.task && <Link to={"/tasks/" + problem.task}>Show that task</Link>}</span>}
      </div>
    </form>
  );
}
