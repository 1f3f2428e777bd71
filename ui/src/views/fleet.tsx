import { useState } from "preact/hooks";
import { rest } from "../api/rest";
import { ago } from "../lib/format";
import { useLoaded } from "../state/load";
import { Link } from "./link";
import { Tasks } from "./tasks";

/** What runs where, and what was profiled lately. */
export function Fleet() {
  const services = useLoaded("services", rest.services, 2000);
  const tasks = useLoaded("tasks", () => rest.tasks(), 2000);
  const [query, setQuery] = useState("");
  const now = Date.now();
  const shown = (services.value ?? []).filter(service => service.name.toLowerCase().includes(query.toLowerCase()));
  return (
    <>
      <h1>Services</h1>
      {services.problem && <p class="problem" role="alert">{services.problem}</p>}
      {services.value?.length === 0 && <HowToAttach />}
      {services.value && services.value.length > 0 && (
        <>
          <input type="search" placeholder="search services" aria-label="search services" value={query}
            onInput={event => setQuery(event.currentTarget.value)} />
          <table>
            <thead><tr><th>Service</th><th class="number">Live</th><th class="number">Instances</th><th>Last seen</th><th /></tr></thead>
            <tbody>
              {shown.map(service => (
                <tr key={service.name}>
                  <td><Link to={"/services/" + encodeURIComponent(service.name)}>{service.name}</Link></td>
                  <td class="number">{service.liveInstances}</td>
                  <td class="number">{service.instances}</td>
                  <td>{ago(service.lastSeen, now)}</td>
                  <td><Link to={"/services/" + encodeURIComponent(service.name)}>Profile…</Link></td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <h2>Recent tasks</h2>
      {tasks.value && <Tasks tasks={tasks.value} />}
    </>
  );
}

function HowToAttach() {
  return (
    <>
      <p>No service yet. Start a JVM with the agent from the download's <code>agent/</code> folder:</p>
      <pre>DAVY_SERVICE=my-service java -javaagent:agent/davylamp-agent.jar -jar my-service.jar</pre>
      <p class="quiet">The agent connects to 127.0.0.1:11800; <code>DAVY_SERVER=host:port</code> names another server.</p>
    </>
  );
}
