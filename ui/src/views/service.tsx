import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import { rest, type Instance, type NewTask } from "../api/rest";
import { ago, withTimes } from "../lib/format";
import { count, durationWord, measureWord } from "../lib/words";
import { useLoaded } from "../state/load";
import { useMay } from "../state/me";
import { adjust, go, useRoute, type Change } from "../state/route";
import { useTitle } from "../state/title";
import { Doc } from "./doc";
import { Head } from "./head";
import { Icon } from "./kit/icon";
import { Skeleton } from "./kit/wait";
import { Link } from "./link";
import { Missing } from "./missing";
import { Tasks } from "./tasks";

const PRESETS: { name: string; events: string[]; options: string }[] = [
  { name: "CPU", events: ["cpu"], options: "" },
  { name: "Allocations", events: ["alloc"], options: "" },
  { name: "Locks", events: ["lock"], options: "" },
  { name: "Wall clock", events: ["wall"], options: "" },
  { name: "All, low overhead", events: ["cpu", "alloc", "lock", "wall"], options: "interval=20ms,alloc=2m,lock=10ms,wall=200ms" },
];
const DURATIONS = [10, 30, 60, 300];
const SECONDS = 30;
const CHECK_MILLIS = 250;

/** Instances of one service, and the form that profiles them. */
export function Service({ name }: { name: string }) {
  const instances = useLoaded("instances " + name, () => rest.instances(name), 2000);
  const tasks = useLoaded("tasks " + name, () => rest.tasks(name), 2000);
  const may = useMay();
  useTitle(name);
  const now = Date.now();
  if (instances.status === 404 || (instances.value?.length === 0 && tasks.value?.length === 0)) {
    return <Missing title={`There is no service "${name}"`}>No JVM of this name has connected to this server. A JVM names its service with <code>DAVY_SERVICE</code>. <Doc to="how-to/when-something-is-wrong.html#an-instance-is-missing">What to look at</Doc></Missing>;
  }
  const live = (instances.value ?? []).filter(each => each.live).length;
  return (
    <>
      <Head crumbs={<Link to="/">Services</Link>} title={name} meta={instances.value && <span class="quiet">{live} of {count(instances.value.length, "instance")} live</span>} />
      {instances.problem && <p class="problem" role="alert">{instances.problem}</p>}
      {!may("profiler", name)
        ? <p class="quiet" data-testid="only-view">You see the profiles of this service. Starting one needs the role profiler.</p>
        : instances.value ? <Profile service={name} instances={instances.value} /> : <Skeleton height={300} />}
      <h2>Profiles</h2>
      {tasks.value ? <Tasks tasks={tasks.value} testId="tasks" ofOne /> : <Skeleton height={120} />}
      <h2>Instances</h2>
      <div class="wide">
        <table data-testid="instances" class="instances-table">
          <thead><tr><th>Instance</th><th>State</th><th>Host</th><th class="number">Process</th><th>JVM</th><th>Last seen</th></tr></thead>
          <tbody>
            {(instances.value ?? []).map(instance => (
              <tr key={instance.name}>
                <td>
                  {instance.name}
                  <div class="labels">{Object.entries(instance.labels).map(label => <span key={label[0]} class="label">{label.join("=")}</span>)}</div>
                </td>
                <td><InstanceState service={name} instance={instance} /></td>
                <td>{instance.properties.host}</td>
                <td class="number">{instance.properties.pid}</td>
                <td>{instance.properties.jvm} {instance.properties.java}</td>
                <td class="quiet">{ago(instance.lastSeen, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function InstanceState({ service, instance }: { service: string; instance: Instance }) {
  const may = useMay();
  const lacks = byReason(instance.lacks);
  const unsure = byReason(instance.unsure);
  const findings = Object.entries(instance.properties).filter(([name]) => name.includes(" "));
  return (
    <>
      {instance.live ? <span class="state-READY"><i class="dot on" /> live</span> : <span class="quiet"><i class="dot" /> gone</span>}
      {instance.unable && <span class="state-FAILED"> cannot be profiled: {instance.unable} <Doc to="how-to/when-something-is-wrong.html#an-instance-cannot-be-profiled">What to do</Doc></span>}
      {instance.unableCode === "deaths" && may("profiler", service) && (
        <> <button type="button" class="secondary small" onClick={() => void rest.trust(service, instance.name)}>Profile again</button></>
      )}
      {lacks.length + unsure.length + findings.length > 0 && (
        <details>
          <summary class="quiet">Capabilities</summary>
          <ul class="plain-list">
            {findings.map(([name, text]) => <li key={name}>{name}: {text}</li>)}
            {lacks.map(([why, words]) => <li key={why}>Unavailable: {words.join(", ")}. {why}</li>)}
            {unsure.map(([why, words]) => <li key={why}>Uncertain: {words.join(", ")}. {why}</li>)}
          </ul>
        </details>
      )}
    </>
  );
}

/** Words that have the same reason, together: ten hardware counters lack for one. */
function byReason(reasons: Record<string, string>): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const [word, why] of Object.entries(reasons)) found.set(why, [...(found.get(why) ?? []), word]);
  return [...found];
}

interface Chosen {
  events: string[];
  options: string;
  seconds: number;
  /** Null: all that are live and able. */
  names: string[] | null;
}

/** What the address says, so that a link is a prepared form. */
function chosenIn(query: URLSearchParams): Chosen {
  return {
    events: query.get("events")?.split(",").filter(Boolean) ?? PRESETS[0]!.events,
    options: query.get("options") ?? "",
    seconds: Number(query.get("seconds") ?? SECONDS) || 0,
    names: query.has("on") ? query.getAll("on").filter(Boolean) : null,
  };
}

const inAddress = ({ events, options, seconds, names }: Chosen): Change => ({
  events: events.join() || ",",
  options,
  seconds: String(seconds),
  on: names && (names.length > 0 ? names : [""]),
});

function asked(service: string, chosen: Chosen, able: Instance[]): NewTask {
  const options: Record<string, string> = {};
  for (const option of chosen.options.split(",").map(text => text.trim()).filter(Boolean)) {
    const [key, ...value] = option.split("=");
    options[key!] = value.join("=");
  }
  return {
    service,
    instances: chosen.names ?? able.map(instance => instance.name),
    durationSeconds: chosen.seconds,
    events: chosen.events,
    options,
  };
}

function Profile({ service, instances }: { service: string; instances: Instance[] }) {
  const capabilities = useLoaded("capabilities", rest.capabilities);
  const { query } = useRoute();
  const chosen = chosenIn(query);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [command, setCommand] = useState("");
  const [busy, setBusy] = useState(false);
  const [random, setRandom] = useState(1);
  const able = instances.filter(instance => instance.live && !instance.unable);
  const task = asked(service, chosen, able);
  const text = JSON.stringify(task);

  // The server says what is wrong and what would run: it is the one that knows.
  useEffect(() => {
    if (able.length === 0) return;
    let gone = false;
    const timer = setTimeout(() => {
      rest.check(task).then(
        good => { if (!gone) { setCommand(good.command); setProblem(null); } },
        e => { if (!gone) { setCommand(""); setProblem(e as Problem); } },
      );
    }, CHECK_MILLIS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [text, able.length]);

  async function start(event: Event) {
    event.preventDefault();
    setBusy(true);
    try {
      go("/tasks/" + (await rest.create(task)).id);
    } catch (e) {
      setProblem(e as Problem);
      setBusy(false);
    }
  }

  const change = (part: Partial<Chosen>) => adjust(inAddress({ ...chosen, ...part }));
  const wanted = able.filter(instance => chosen.names?.includes(instance.name) ?? true);
  const engines = new Set((capabilities.value?.events ?? []).filter(event => event.engine).map(event => event.name));
  const toggle = (event: string) => {
    if (chosen.events.includes(event)) return chosen.events.filter(each => each !== event);
    // One engine takes the samples: another one replaces it.
    return [...chosen.events.filter(each => !engines.has(event) || !engines.has(each)), event];
  };
  const preset = PRESETS.findIndex(each => each.events.join() === chosen.events.join() && each.options === chosen.options);
  const why = able.length > 0 ? "" : instances.some(each => each.live) ? "No live instance can be profiled now; the list below says why." : "No instance is live now.";
  return (
    <form class="profile" onSubmit={start}>
      <fieldset>
        <legend>Measure</legend>
        <span class="segments" role="group" aria-label="measure">
          {PRESETS.map((each, i) => (
            <button key={each.name} type="button" aria-pressed={i === preset} onClick={() => change({ events: each.events, options: each.options })}>{each.name}</button>
          ))}
        </span>
      </fieldset>
      <fieldset>
        <legend>Duration</legend>
        <span class="segments" role="group" aria-label="duration">
          {DURATIONS.map(each => (
            <button key={each} type="button" aria-pressed={each === chosen.seconds} onClick={() => change({ seconds: each })}>{durationWord(each)}</button>
          ))}
        </span>
        <label>Custom duration <input name="duration" type="number" min="1" value={chosen.seconds}
          onInput={event => change({ seconds: event.currentTarget.valueAsNumber || 0 })} /> s</label>
      </fieldset>
      <fieldset>
        <legend>Instances</legend>
        <label class="check"><input type="checkbox" checked={chosen.names === null} onChange={event => change({ names: event.currentTarget.checked ? null : [] })} /> All ({able.length})</label>
        {able.length > 1 && (
          <span class="row"><button type="button" class="secondary" onClick={() => change({ names: some(able.map(each => each.name), random) })}>Pick randomly</button>
            <input type="number" min="1" max={able.length} aria-label="number of instances to pick" value={random} onInput={event => setRandom(event.currentTarget.valueAsNumber || 1)} /></span>
        )}
        {chosen.names !== null && able.map(instance => (
          <label key={instance.name} class="check">
            <input type="checkbox" checked={chosen.names!.includes(instance.name)}
              onChange={event => change({ names: event.currentTarget.checked ? [...chosen.names!, instance.name] : chosen.names!.filter(each => each !== instance.name) })} />
            {" "}{instance.name}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Advanced</legend>
        <input name="options" class="mono" size={50} placeholder="interval=5ms,cstack=vm" value={chosen.options}
          aria-label="async-profiler options" onInput={event => change({ options: event.currentTarget.value })} />
        <details class="all-events">
          <summary>All events</summary>
          <div class="events">
            {(capabilities.value?.events ?? []).map(event => {
              const lacking = wanted.filter(instance => instance.lacks[event.name]);
              const unsure = wanted.filter(instance => instance.unsure[event.name]);
              const reason = lacking[0]?.lacks[event.name] ?? unsure[0]?.unsure[event.name] ?? "";
              return (
                <label key={event.name} title={reason} class={lacking.length ? "check quiet" : "check"}>
                  <input type="checkbox" checked={chosen.events.includes(event.name)} onChange={() => change({ events: toggle(event.name) })} /> {event.name}
                  {lacking.length > 0 && lacking.length < wanted.length && <span> (unavailable on {count(lacking.length, "instance")})</span>}
                  {lacking.length > 0 && lacking.length === wanted.length && <span> (unavailable)</span>}
                  {unsure.length > 0 && <span class="quiet"> (uncertain on {count(unsure.length, "instance")})</span>}
                </label>
              );
            })}
          </div>
          {reasonsOf(wanted).map(text => <p key={text} class="quiet">{text}</p>)}
        </details>
      </fieldset>
      <div class="profile-run">
        <button class="primary" type="submit" disabled={busy || able.length === 0 || problem !== null}><Icon name="play" />Profile</button>
        {why && <span class="quiet">{why}</span>}
        {command && <span class="quiet">Will run: {chosen.events.map(measureWord).join(", ")}, {durationWord(chosen.seconds)}, {count(wanted.length, "instance")}. <code data-testid="command">{command}</code></span>}
        {problem && <span class="problem" role="alert">{withTimes(problem.message, Date.now())} {problem.task && <Link to={"/tasks/" + problem.task}>Show that task</Link>}</span>}
      </div>
    </form>
  );
}

/** Why events are not offered: each reason once, however many events it is of. */
function reasonsOf(instances: Instance[]): string[] {
  const reasons = new Map<string, Set<string>>();
  for (const instance of instances) {
    for (const [event, reason] of Object.entries(instance.lacks)) reasons.set(reason, (reasons.get(reason) ?? new Set()).add(event));
  }
  return [...reasons].map(([reason, events]) => `Unavailable: ${[...events].join(", ")}. ${reason}`);
}

function some(names: string[], count: number): string[] {
  const left = [...names];
  const taken: string[] = [];
  while (left.length > 0 && taken.length < count) taken.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return taken;
}
