import { rest } from "../api/rest";
import { ago } from "../lib/format";
import { useLoaded } from "../state/load";
import { adjust, useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { Copy } from "./copy";
import { Link } from "./link";
import { Tasks } from "./tasks";

const PERIOD_MILLIS = 2000;

/** What runs where, and what was profiled lately. */
export function Fleet() {
  useTitle("");
  const services = useLoaded("services", rest.services, PERIOD_MILLIS);
  const running = useLoaded("running", rest.running, PERIOD_MILLIS);
  const tasks = useLoaded("tasks", () => rest.tasks(), PERIOD_MILLIS);
  const query = useRoute().query.get("q") ?? "";
  const now = Date.now();
  const shown = (services.value ?? []).filter(service => service.name.toLowerCase().includes(query.toLowerCase()));
  return (
    <>
      <h1>Services</h1>
      {services.problem && <p class="problem" role="alert">{services.problem}</p>}
      {!services.value && !services.problem && <p class="quiet">Loading…</p>}
      {services.value?.length === 0 && <HowToAttach />}
      {services.value && services.value.length > 0 && (
        <>
          <input type="search" placeholder="search services" aria-label="search services" value={query}
            onInput={event => adjust({ q: event.currentTarget.value })} />
          <table data-testid="services">
            <thead><tr><th>Service</th><th class="number">Live</th><th class="number">Instances</th><th>Last seen</th><th /></tr></thead>
            <tbody>
              {shown.map(service => (
                <tr key={service.name}>
                  <td><Link to={"/services/" + encodeURIComponent(service.name)}>{service.name}</Link></td>
                  <td class="number">{service.liveInstances}</td>
                  <td class="number">{service.instances}</td>
                  <td>{ago(service.lastSeen, now)}</td>
                  <td>{service.liveInstances > 0 && <Link to={"/services/" + encodeURIComponent(service.name)}>Profile…</Link>}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p class="quiet">No matching service.</p>}
        </>
      )}
      {running.value && running.value.length > 0 && <><h2>Running now</h2><Tasks tasks={running.value} testId="running" /></>}
      <h2>Recent tasks</h2>
      {tasks.value && <Tasks tasks={tasks.value.filter(task => !task.live)} testId="recent" />}
      {services.value && services.value.length > 0 && <details class="attach"><summary>Attach another JVM</summary><HowToAttach /></details>}
    </>
  );
}

const START = "DAVY_SERVICE=my-service java -javaagent:agent/davylamp-agent.jar -jar my-service.jar";
const ATTACH = "bin/davy attach PID";

function HowToAttach() {
  return (
    <>
      <p>Start a JVM with the agent from the download's <code>agent/</code> folder:</p>
      <Command text={START} />
      <p>Or attach it to a running JVM:</p>
      <Command text={ATTACH} />
      <p class="quiet">The agent connects to 127.0.0.1:11800; <code>DAVY_SERVER=host:port</code> names another server. SkyWalking agents appear here when this server is their backend.</p>
    </>
  );
}

function Command({ text }: { text: string }) {
  return <pre class="command"><code>{text}</code><Copy text={() => text} /></pre>;
}
