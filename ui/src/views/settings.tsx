import { rest, type Status } from "../api/rest";
import { ago, bytes } from "../lib/format";
import { useLoaded } from "../state/load";
import { useTitle } from "../state/title";

const PERIOD_MILLIS = 5000;

/** How the server is, who may do what, and how it is set. */
export function Settings() {
  useTitle("Settings");
  const status = useLoaded("status", rest.status, PERIOD_MILLIS);
  return (
    <>
      <h1>Settings</h1>
      {status.problem && <p class="problem" role="alert">{status.problem}</p>}
      {status.value && <Details status={status.value} />}
    </>
  );
}

function Details({ status }: { status: Status }) {
  const { process, access, storage } = status;
  return (
    <>
      <h2>Health</h2>
      <Facts facts={status.health.map(check => [check.name, <span class={check.well ? "" : "problem"}>{check.well ? "OK" : "Failing"}: {inBytes(check.detail)}</span>])} />
      <h2>Access</h2>
      <Facts facts={[["you", access.you], ["this page", access.page], ["agents", access.agents]]} />
      <h2>Data</h2>
      <Facts facts={[
        ["folder", <code>{storage.folder}</code>],
        ["free", bytes(storage.freeBytes)],
        ["tasks", `${storage.tasks.toLocaleString("en")}, with recordings of ${bytes(storage.recordingBytes)} and profiles of ${bytes(storage.profileBytes)}`],
        ["opened files", `${storage.files.toLocaleString("en")}, ${bytes(storage.fileBytes)}`],
        ["kept for", setting(status, "data.kept")],
      ]} />
      <h2>Server</h2>
      <Facts facts={[
        ["version", process.version],
        ["started", <span title={process.started}>{ago(process.started, Date.now())}</span>],
        ["JVMs connected", status.agentsConnected.toLocaleString("en")],
        ["heap", `${bytes(process.heapBytes.used)} of ${bytes(process.heapBytes.max)}`],
        ["JVM", process.jvm],
        ["machine", `${process.system}, ${process.processors} processors`],
      ]} />
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

const setting = (status: Status, name: string) => status.settings.find(line => line.name === name)?.value ?? "";

/** The server says exact bytes; people read the size. */
const inBytes = (text: string) => text.replace(/\b(\d+) bytes\b/g, (_, count: string) => bytes(Number(count)));

function Facts({ facts }: { facts: [string, preact.ComponentChildren][] }) {
  return <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}
