// The commands that bring the agent into a JVM, for the server that shows them.

/** How somebody runs a JVM. */
export type Way = "start" | "running" | "container" | "kubernetes";

/** Where agents find a server, and what it asks of them. */
export interface Door {
  /** As the browser's address has it. */
  hostname: string;
  port: string;
  /** Whether the port takes agents of this machine only; undefined where nobody said. */
  loopback?: boolean;
  token: boolean;
  tls: boolean;
  /** The folder on the server's machine that has the agent; empty where nobody said. */
  home: string;
}

const FLAG = "-javaagent:/davylamp/davylamp-agent.jar";
/** What people replace by their own. */
const SERVICE = "my-service";
const DEFAULT_PORT = "11800";

const isHere = (door: Door) => ["localhost", "127.0.0.1", "[::1]"].includes(door.hostname);

/** The address for an agent on the machine of the browser. */
export const addressOf = (door: Door) => `${isHere(door) ? "127.0.0.1" : door.hostname}:${door.port}`;

/** The address for an agent that is not on the server's machine; a word in capitals or a usual name where the browser does not know it. */
const from = (door: Door, otherwise: string) => (isHere(door) ? `${otherwise}:${door.port}` : addressOf(door));

/** Whether the agent of this way would not reach the server, because its port is closed to all but its own machine. */
export const isClosedTo = (door: Door, way: Way) => door.loopback === true && (way === "container" || way === "kubernetes" || !isHere(door));

/** A path of the download, for a shell: whole where the browser is on the server's machine. */
function path(door: Door, file: string): string {
  if (!isHere(door) || !door.home) return file;
  const whole = `${door.home}/${file}`;
  return /^[\w./@+-]+$/.test(whole) ? whole : `'${whole.replace(/'/g, "'\\''")}'`;
}

/** The command, or the lines of a file, for one way. */
export function attachCommand(way: Way, door: Door): string {
  const named = !isHere(door) || door.port !== DEFAULT_PORT;
  switch (way) {
    case "start": {
      const more = [named && `DAVY_SERVER=${addressOf(door)}`, door.token && "DAVY_TOKEN=TOKEN", door.tls && "DAVY_AGENT_TLS=true"].filter(Boolean);
      return [...more, `DAVY_SERVICE=${SERVICE}`].join(" ") + ` \\\n  java -javaagent:${path(door, "agent/davylamp-agent.jar")} -jar my-service.jar`;
    }
    case "running": {
      const more = [named && `--to ${addressOf(door)}`, door.token && "--set tokenFile=TOKEN-FILE", door.tls && "--set tls=true"].filter(Boolean);
      return [`${path(door, "bin/davy")} attach PID`, `--service ${SERVICE}`, ...more].join(" ");
    }
    case "container": {
      const more = [door.token && "-e DAVY_TOKEN=TOKEN", door.tls && "-e DAVY_AGENT_TLS=true"].filter(Boolean);
      return ["docker run -v $PWD/agent:/davylamp:ro", `  -e JAVA_TOOL_OPTIONS=${FLAG}`, `  -e DAVY_SERVICE=${SERVICE} -e DAVY_SERVER=${from(door, "HOST")}`,
        ...more.map(each => "  " + each), "  my-image"].join(" \\\n");
    }
    case "kubernetes": {
      const variables: [string, string][] = [["JAVA_TOOL_OPTIONS", FLAG], ["DAVY_SERVICE", SERVICE], ["DAVY_SERVER", from(door, "davylamp")]];
      if (door.tls) variables.push(["DAVY_AGENT_TLS", '"true"']);
      return ["env:", ...variables.map(([name, value]) => `- name: ${name}\n  value: ${value}`),
        "- name: DAVY_INSTANCE\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}",
        ...(door.token ? ["- name: DAVY_TOKEN\n  valueFrom: {secretKeyRef: {name: davylamp, key: token}}"] : [])].join("\n");
    }
  }
}
