import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { rest, type Service, type Task } from "../api/rest";
import { ago } from "../lib/format";
import { count } from "../lib/words";
import { useLoaded } from "../state/load";
import { administersSomething, useMay, useMe } from "../state/me";
import { openDemo } from "../state/opening";
import { adjust, go, useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { Copy } from "./copy";
import { DropZone } from "./drop";
import { Icon, Lamp, type IconName } from "./kit/icon";
import { Item, Popover } from "./kit/popover";
import { Segments } from "./kit/tabs";
import { toast } from "./kit/toast";
import { Skeleton } from "./kit/wait";
import { Link } from "./link";
import { StopAll } from "./stop-all";
import { Tasks } from "./tasks";
import { Thumb } from "./thumb";

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
  if (services.value?.length === 0) return <Welcome recent={over} />;
  return (
    <>
      <div class="page-head">
        <h1>Services</h1>
        <input type="search" placeholder="Search services" aria-label="search services" data-key="/" value={query} onInput={event => adjust({ q: event.currentTarget.value })} />
        <span class="end"><Popover icon="attach" text="Attach a JVM" style="secondary" end name="form-panel attach-panel">{() => <HowToAttach />}</Popover></span>
      </div>
      {services.problem && <p class="problem" role="alert">{services.problem}</p>}
      {!services.value && !services.problem && <Skeleton height={180} />}
      {services.value && (
        <>
          <div class="wide">
            <table data-testid="services" class="services">
              <thead><tr><th>Service</th><th>Live instances</th><th>Last profile</th><th>Last seen</th><th><span class="hidden">Actions</span></th></tr></thead>
              <tbody>{shown.map(service => <Row key={service.name} service={service} last={over.find(task => task.service === service.name && isReady(task))} />)}</tbody>
            </table>
          </div>
          {shown.length === 0 && <p class="quiet">No matching service.</p>}
        </>
      )}
      {running.value && running.value.length > 0 && <><div class="head-row"><h2>Running now</h2>{me.signedIn && administersSomething(me) && <StopAll />}</div><Tasks tasks={running.value} testId="running" /></>}
      <h2>Recent profiles</h2>
      {tasks.value ? <Tasks tasks={over} testId="recent" /> : <Skeleton height={120} />}
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
      <td class="thumb-cell">{last ? <Link to={"/tasks/" + last.id} label={`last profile of ${service.name}`} title="Open the last profile"><Thumb task={last.id} /></Link> : <span class="quiet">none yet</span>}</td>
      <td class="quiet">{ago(service.lastSeen, Date.now())}</td>
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

/** Nothing has connected yet. */
function Welcome({ recent }: { recent: Task[] }) {
  const [busy, setBusy] = useState(false);
  const card = (icon: IconName, title: string, children: ComponentChildren) => <section class="card-box"><h2><Icon name={icon} />{title}</h2>{children}</section>;
  return (
    <div class="welcome">
      <div class="hero">
        <Lamp size={72} />
        <h1>See what your JVMs spend their time on</h1>
        <p class="quiet">CPU, allocations, locks and wall clock, of one JVM or a thousand, in one flame graph.</p>
      </div>
      <div class="cards">
        {card("attach", "Attach a JVM", <><HowToAttach /><p class="waiting-for" role="status"><i class="dot pulse" />Waiting for the first JVM</p></>)}
        <div class="card-column">
          {card("file", "Open a recording", <DropZone />)}
          {card("play", "Try the demo", (
            <>
              <p class="quiet">Ten seconds of a small shop, recorded with this profiler. Nothing to install.</p>
              <button type="button" class="primary" disabled={busy} onClick={() => { setBusy(true); void openDemo().finally(() => setBusy(false)); }}><Icon name="play" />Open the demo</button>
            </>
          ))}
        </div>
      </div>
      {recent.length > 0 && <><h2>Recent profiles</h2><Tasks tasks={recent} testId="recent" /></>}
    </div>
  );
}

const WAYS: [string, string][] = [["start", "Start"], ["running", "Running JVM"], ["container", "Container"], ["kubernetes", "Kubernetes"]];

function HowToAttach() {
  const [way, setWay] = useState("start");
  const { signIn, administrator } = useMe();
  const needsToken = signIn !== "none";
  const status = useLoaded("status", rest.status);
  // Only administrators see the settings.
  const port = status.value?.settings.find(line => line.name === "agent.port")?.value ?? (status.value ? "PORT" : "11800");
  const here = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  const server = `${here ? "127.0.0.1" : location.hostname}:${port}`;
  const named = here && port === "11800" ? "" : `DAVY_SERVER=${server} `;
  const flag = "-javaagent:/davylamp/davylamp-agent.jar";
  return (
    <div class="how-to-attach">
      <Segments label="how to attach" choices={WAYS} chosen={way} onChoose={setWay} />
      {way === "start" && (
        <>
          <p>Start a JVM with the agent from the download's <code>agent/</code> folder:</p>
          <Command text={`${named}DAVY_SERVICE=my-service java -javaagent:agent/davylamp-agent.jar -jar my-service.jar`} />
        </>
      )}
      {way === "running" && (
        <>
          <p>Attach it to a running JVM; <code>jps</code> lists their numbers:</p>
          <Command text={`bin/davy attach PID${named ? " --server " + server : ""}`} />
        </>
      )}
      {way === "container" && (
        <>
          <p>Mount the download's <code>agent/</code> folder and name it to Java:</p>
          <Command text={`docker run -v $PWD/agent:/davylamp:ro \\\n  -e JAVA_TOOL_OPTIONS=${flag} \\\n  -e DAVY_SERVICE=my-service -e DAVY_SERVER=${here ? "HOST:" + port : server} my-image`} />
        </>
      )}
      {way === "kubernetes" && (
        <>
          <p>Put the agent into a volume of the pod, then add to the container:</p>
          <Command text={`env:\n- name: JAVA_TOOL_OPTIONS\n  value: ${flag}\n- name: DAVY_SERVICE\n  value: my-service\n- name: DAVY_SERVER\n  value: ${here ? "davylamp:" + port : server}`} />
        </>
      )}
      {needsToken && <p>Agents need a token: {administrator ? <Link to="/access/tokens">make one</Link> : "ask an administrator for one"}, and name it <code>DAVY_TOKEN</code> to the agent.</p>}
      <p class="quiet">Agents connect to <code>{server}</code>. SkyWalking's agents appear here when this server is their backend.</p>
    </div>
  );
}

function Command({ text }: { text: string }) {
  return <pre class="command"><code>{text}</code><Copy text={() => text} /></pre>;
}
