import { useState } from "preact/hooks";
import { rest } from "../api/rest";
import { addressOf, attachCommand, isClosedTo, type Door, type Way } from "../lib/attach";
import { useLoaded } from "../state/load";
import { useMe } from "../state/me";
import { Copy } from "./copy";
import { Doc } from "./doc";
import { Segments } from "./kit/tabs";
import { Link } from "./link";

const WAYS: [Way, string][] = [["start", "Start"], ["running", "Running JVM"], ["container", "Container"], ["kubernetes", "Kubernetes"]];
const LOOPBACK = /^(localhost|127\..*|::1|\[::1])$/;

/** How a JVM of this reader gets the agent: commands to copy, with the address and what else this server asks for. */
export function HowToAttach() {
  const [way, setWay] = useState<Way>("start");
  const { signIn, administrator } = useMe();
  const status = useLoaded("status", rest.status);
  // Only administrators see the settings.
  const setting = (name: string) => status.value?.settings.find(line => line.name === name);
  const host = setting("agent.host")?.value;
  const door: Door = {
    hostname: location.hostname,
    port: setting("agent.port")?.value ?? (status.value ? "PORT" : "11800"),
    loopback: host === undefined ? undefined : LOOPBACK.test(host),
    token: signIn !== "none" || setting("agent.token")?.changed === true,
    tls: setting("agent.tls.certificate")?.changed === true,
    home: status.value?.home ?? "",
  };
  return (
    <div class="how-to-attach">
      <Segments label="how to attach" choices={WAYS} chosen={way} onChoose={word => setWay(word as Way)} />
      {way === "start" && <p>Start a JVM with the agent, which is in the download's folder <code>agent/</code>:</p>}
      {way === "running" && <p>Attach the agent to a running JVM, without a restart; without a PID the command lists the JVMs:</p>}
      {way === "container" && <p>Mount the download's <code>agent/</code> folder and name the agent to Java:</p>}
      {way === "kubernetes" && <p>Put the agent into a volume of the pod that is mounted at <code>/davylamp</code>, then add to the container:</p>}
      <pre class="command"><code data-testid="attach-command">{attachCommand(way, door)}</code><Copy text={() => attachCommand(way, door)} /></pre>
      {door.token && (
        <p>
          {signIn === "none" ? <>Replace <code>TOKEN</code> by the server's setting <code>agent.token</code>.</>
            : administrator ? <>Agents need a token: <Link to="/access/tokens">make one of kind AGENT</Link>, and put it in the place of <code>TOKEN</code>.</>
              : <>Agents need a token: ask an administrator for one of kind AGENT, and put it in the place of <code>TOKEN</code>.</>}
        </p>
      )}
      {isClosedTo(door, way) && (
        <p class="problem">This server takes agents of its own machine only. Start it with <code>--set agent.host=0.0.0.0 --set agent.token=SECRET</code> to let others in.</p>
      )}
      <p class="quiet">
        Agents connect to <code>{addressOf(door)}</code>. SkyWalking's agents appear here when this server is their backend.
        {" "}<Doc to="how-to/attach.html">Spring Boot, Tomcat and more</Doc>
      </p>
    </div>
  );
}
