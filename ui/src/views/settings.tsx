import { rest, type Status } from "../api/rest";
import { ago, bytes } from "../lib/format";
import { useLoaded } from "../state/load";
import { useTitle } from "../state/title";
import { Doc } from "./doc";
import { Skeleton } from "./kit/wait";

const PERIOD_MILLIS = 5000;

/** How the server is, who may do what, and how it is set. */
export function Settings() {
  useTitle("Settings");
  const status = useLoaded("status", rest.status, PERIOD_MILLIS);
  return (
    <>
      <div class="page-head"><h1>Settings</h1></div>
      {status.problem && <p class="problem" role="alert">{status.problem}</p>}
      {!status.value && !status.problem && <Skeleton height={400} />}
      {status.value && <Details status={status.value} />}
    </>
  );
}

function Details({ status }: { status: Status }) {
  const { process, access, storage } = status;
  // Others get nothing that counts or names what they may not see.
  const isAdministrator = status.settings.length > 0;
  return (
    <>
      <h2>Health</h2>
      <Facts facts={status.health.map(check => [check.name, <span class={check.well ? "well" : "problem"}>{check.well ? "OK" : `Failing for ${duration(check.forSeconds)}`}{check.detail && ": " + inBytes(check.detail)}</span>])} />
      <h2>Access</h2>
      <Facts facts={[["you", access.you], ["this page", access.page], ["agents", access.agents]]} />
      {isAdministrator && <><h2>Data</h2><Facts facts={[
        ["folder", <code>{storage.folder}</code>],
        ["free", storage.freeBytes === null ? "as much as the bucket takes" : bytes(storage.freeBytes)],
        ["tasks", `${storage.tasks.toLocaleString("en")}, with recordings of ${bytes(storage.recordingBytes)} and profiles of ${bytes(storage.profileBytes)}`],
        ["opened files", `${storage.files.toLocaleString("en")}, ${bytes(storage.fileBytes)}`],
        ["kept for", setting(status, "data.kept")],
      ]} /></>}
      <h2>Server</h2>
      <Facts facts={[
        ["version", <>{process.version}, <Doc to="">documentation</Doc>, <Doc to="CHANGELOG.html">changelog</Doc></>],
        ["started", <span title={process.started}>{ago(process.started, Date.now())}</span>],
        ...(isAdministrator ? [["JVMs connected", status.agentsConnected.toLocaleString("en")] as [string, string]] : []),
        ["heap", `${bytes(process.heapBytes.used)} of ${bytes(process.heapBytes.max)}`],
        ["JVM", process.jvm],
        ["machine", `${process.system}, ${process.processors} processors`],
      ]} />
      {status.servers.length > 1 && <Servers servers={status.servers} />}
      {isAdministrator && <AllSettings status={status} />}
    </>
  );
}

function AllSettings({ status }: { status: Status }) {
  return (
    <>
      <h2>All settings</h2>
      <p class="quiet">Given in <code>conf/davylamp.yaml</code>, in the environment or with <code>--set</code> when the server starts; values in bold are not the default.</p>
      <div class="wide">
        <table data-testid="settings">
          <thead><tr><th>Setting</th><th>Value</th><th>Meaning</th></tr></thead>
          <tbody>
            {status.settings.map(line => (
              <tr key={line.name}>
                <td><code>{line.name}</code></td>
                <td>{line.changed ? <b>{line.value}</b> : line.value}</td>
                <td class="quiet">{line.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The servers on the same database; one that ended without a word stays for an hour. */
function Servers({ servers }: { servers: Status["servers"] }) {
  return (
    <>
      <h2>Servers</h2>
      <div class="wide">
        <table data-testid="servers">
          <thead><tr><th>Server</th><th>Version</th><th>Page</th><th>Agents</th><th>Started</th><th>Last heard of</th><th>Clock</th></tr></thead>
          <tbody>
            {servers.map(server => (
              <tr key={server.id} class={server.live ? "" : "quiet"}>
                <td title={server.id}>{server.answering ? <b>{server.name} (answers this page)</b> : server.name}</td>
                <td>{server.version}</td>
                <td>{server.http}</td>
                <td>{server.agents}</td>
                <td title={server.started}>{ago(server.started, Date.now())}</td>
                <td title={server.heard} class={server.live ? "" : "problem"}>{server.live ? "now" : ago(server.heard, Date.now())}</td>
                <td>{Math.abs(server.clockAheadMillis) < 1000 ? "right" : `${(server.clockAheadMillis / 1000).toFixed(0)} s ${server.clockAheadMillis > 0 ? "ahead" : "behind"}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const duration = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);

const setting = (status: Status, name: string) => status.settings.find(line => line.name === name)?.value ?? "";

/** The server says exact bytes; people read the size. */
const inBytes = (text: string) => text.replace(/\b(\d+) bytes\b/g, (_, count: string) => bytes(Number(count)));

function Facts({ facts }: { facts: [string, preact.ComponentChildren][] }) {
  return <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}
