import { useEffect, useState } from "preact/hooks";
import { rest, type Service, type Task } from "../api/rest";
import { ago } from "../lib/format";
import { count } from "../lib/words";
import { useLoaded } from "../state/load";
import { administersSomething, useMay, useMe } from "../state/me";
import { adjust, go, useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { HowToAttach } from "./attach";
import { Icon } from "./kit/icon";
import { Item, Popover } from "./kit/popover";
import { toast } from "./kit/toast";
import { Skeleton } from "./kit/wait";
import { Link } from "./link";
import { StopAll } from "./stop-all";
import { Tasks } from "./tasks";
import { Thumb } from "./thumb";
import { Welcome } from "./welcome";

const PERIOD_MILLIS = 2000;
const SECONDS = 30;
/** More dots are a number. */
const DOTS = 24;

/** What runs where, and what was profiled lately. */
export function Fleet() {
  useTitle("");
  const services = useLoaded("services", rest.services, PERIOD_MILLIS);
  const running = useLoaded("running", rest.running, PERIOD_MILLIS);
  const tasks = useLoaded("tasks", () => rest.tasks(), PERIOD_MILLIS);
  const query = useRoute().query.get("q") ?? "";
  const me = useMe();
  const over = (tasks.value ?? []).filter(task => !task.live);
  const shown = (services.value ?? []).filter(service => service.name.toLowerCase().includes(query.toLowerCase()));
  // All at once: what came later would push away what somebody reads already.
  const loaded = services.value && running.value && tasks.value;
  const problem = services.problem ?? running.problem ?? tasks.problem;
  // Whoever came before any agent sees it arrive, in place of a page that changes all at once.
  const [first, setFirst] = useState(false);
  const none = services.value?.length === 0;
  useEffect(() => { if (none) setFirst(true); }, [none]);
  if (none || first) return <Welcome recent={over} onDone={() => setFirst(false)} />;
  return (
    <>
      <div class="page-head">
        <h1>Services</h1>
        <input type="search" placeholder="Search services" aria-label="search services" data-key="/" value={query} onInput={event => adjust({ q: event.currentTarget.value })} />
        <span class="end"><Popover icon="attach" text="Attach a JVM" style="secondary" end name="form-panel attach-panel">{() => <HowToAttach />}</Popover></span>
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      {!loaded && !problem && <Skeleton height={320} />}
      {loaded && (
        <>
          <div class="wide">
            <table data-testid="services" class="services">
              <thead><tr><th>Service</th><th>Live instances</th><th class="only-wide">Last profile</th><th class="only-wide">Last seen</th><th><span class="hidden">Actions</span></th></tr></thead>
              <tbody>{shown.map(service => <Row key={service.name} service={service} last={over.find(task => task.service === service.name && isReady(task))} />)}</tbody>
            </table>
          </div>
          {shown.length === 0 && <p class="quiet">No matching service.</p>}
          {running.value!.length > 0 && <><div class="head-row"><h2>Running now</h2>{me.signedIn && administersSomething(me) && <StopAll />}</div><Tasks tasks={running.value!} testId="running" /></>}
          <h2>Recent profiles</h2>
          <Tasks tasks={over} testId="recent" />
        </>
      )}
    </>
  );
}

const isReady = (task: Task) => task.assignments.some(each => each.state === "READY");

function Row({ service, last }: { service: Service; last?: Task }) {
  const [busy, setBusy] = useState(false);
  const mayProfile = useMay()("profiler", service.name);
  const at = "/services/" + encodeURIComponent(service.name);
  function profile(events: string[]) {
    setBusy(true);
    rest.create({ service: service.name, instances: "all", durationSeconds: SECONDS, events, options: {} }).then(
      task => go("/tasks/" + task.id),
      e => { setBusy(false); toast((e as Error).message, true); });
  }
  return (
    <tr>
      <td class="service-name"><Link to={at}>{service.name}</Link></td>
      <td>
        <span class="dots" title={`${service.liveInstances} of ${count(service.instances, "instance")} live`}>
          {Array.from({ length: Math.min(DOTS, service.instances) }, (_, i) => <i key={i} class={i < service.liveInstances ? "dot on" : "dot"} />)}
          <span class="quiet">{service.liveInstances} of {service.instances}</span>
        </span>
      </td>
      <td class="thumb-cell only-wide">{last ? <Link to={"/tasks/" + last.id} label={`last profile of ${service.name}`} title="Open the last profile"><Thumb task={last.id} /></Link> : <span class="quiet">none yet</span>}</td>
      <td class="quiet only-wide">{ago(service.lastSeen, Date.now())}</td>
      <td class="actions">
        {!mayProfile ? null : service.liveInstances > 0
          ? (
            <span class="split">
              <button type="button" class="secondary" disabled={busy} onClick={() => profile(["cpu"])}><Icon name="play" />Profile 30 s</button>
              <Popover icon="down" label={`More for ${service.name}`} style="secondary" end>
                {() => (
                  <>
                    <Item text="Allocations, 30 s" onClick={() => profile(["alloc"])} />
                    <Item text="Locks, 30 s" onClick={() => profile(["lock"])} />
                    <Item text="Wall clock, 30 s" onClick={() => profile(["wall"])} />
                    <Item text="Choose instances, events, duration" onClick={() => go(at)} />
                  </>
                )}
              </Popover>
            </span>
          )
          : <span class="quiet">no live instance</span>}
      </td>
    </tr>
  );
}
