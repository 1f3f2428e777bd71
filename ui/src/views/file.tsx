import { useState } from "preact/hooks";
import { rest, type OpenedFile } from "../api/rest";
import { ago, bytes } from "../lib/format";
import { useLoaded } from "../state/load";
import { go } from "../state/route";
import { useTitle } from "../state/title";
import { Explore } from "./explore";
import { Link } from "./link";

const PERIOD_MILLIS = 5000;

/** Recordings or collapsed stacks from the user's own disk: dropped here, or chosen; and those that are open. */
export function Files() {
  useTitle("Files");
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState("");
  const [changes, setChanges] = useState(0);
  const files = useLoaded("files " + changes, rest.files, PERIOD_MILLIS);

  function open(file: globalThis.File | undefined) {
    setOver(false);
    if (!file) return;
    setBusy(file.name);
    setProblem("");
    rest.open(file).then(
      opened => go("/files/" + opened.id),
      e => { setBusy(""); setProblem((e as Error).message); },
    );
  }

  const act = (work: Promise<unknown>) => work.then(() => setChanges(changes + 1), e => setProblem((e as Error).message));
  return (
    <>
      <h1>Open a file</h1>
      <label
        class={over ? "drop over" : "drop"}
        onDragOver={event => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={event => { event.preventDefault(); open(event.dataTransfer?.files[0]); }}
      >
        <input type="file" aria-label="a recording or another profiler's file" onChange={event => open(event.currentTarget.files?.[0])} />
        {busy ? `Reading ${busy}…` : "Drop a recording (JFR), pprof, speedscope, collapsed stacks or perf script here, or choose one. It may be packed (.gz, .zip, .lz4, .zst)."}
      </label>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <p class="quiet">The server reads the file, and deletes it two hours after its last use unless you keep it.</p>
      {files.value && files.value.length > 0 && <OpenedFiles files={files.value} act={act} />}
    </>
  );
}

function OpenedFiles({ files, act }: { files: OpenedFile[]; act: (work: Promise<unknown>) => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const inOrder = files.filter(file => chosen.includes(file.id)).map(file => file.id);
  const now = Date.now();
  return (
    <>
      <h2>Files</h2>
      {chosen.length > 0 && (
        <p class="row">
          {chosen.length} chosen
          <button type="button" disabled={inOrder.length < 2} onClick={() => go("/profiles?" + inOrder.map(id => "file=" + id).join("&"))}>Merge</button>
          <button type="button" disabled={inOrder.length !== 2} onClick={() => go(`/files/${inOrder[0]}?base-file=${inOrder[1]}`)}>Compare</button>
        </p>
      )}
      <div class="wide">
        <table data-testid="files">
          <thead><tr><th /><th>File</th><th class="number">Size</th><th>Opened</th><th /></tr></thead>
          <tbody>
            {files.map(file => (
              <tr key={file.id}>
                <td><input type="checkbox" aria-label={`choose ${file.name}`} checked={chosen.includes(file.id)}
                  onChange={event => setChosen(event.currentTarget.checked ? [...chosen, file.id] : chosen.filter(id => id !== file.id))} /></td>
                <td><Link to={"/files/" + file.id}>{file.name}</Link></td>
                <td class="number">{bytes(file.sizeBytes)}</td>
                <td title={file.opened}>{ago(file.opened, now)}</td>
                <td><Keeping file={file} act={act} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Keeping({ file, act }: { file: OpenedFile; act: (work: Promise<unknown>) => void }) {
  return (
    <span class="row">
      {file.kept ? <span class="quiet">kept</span> : <button type="button" onClick={() => act(rest.keep(file.id))}>Keep</button>}
      <button type="button" onClick={() => confirm(`Delete ${file.name} from the server?`) && act(rest.removeFile(file.id).then(() => go("/open")))}>Delete</button>
    </span>
  );
}

export function File({ id }: { id: string }) {
  const [changes, setChanges] = useState(0);
  const [problem, setProblem] = useState("");
  const file = useLoaded(`file ${id} ${changes}`, () => rest.file(id));
  useTitle(file.value?.name ?? "File");
  if (!file.value) return file.problem ? <p class="problem" role="alert">{file.problem} <Link to="/open">Open a file</Link></p> : <p class="quiet">Loading…</p>;
  return (
    <>
      <div class="row">
        <h1><Link to="/open">Files</Link> / {file.value.name} <span class="quiet">{bytes(file.value.sizeBytes)}</span></h1>
        <Keeping file={file.value} act={work => work.then(() => setChanges(changes + 1), e => setProblem((e as Error).message))} />
      </div>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <Explore path={"/files/" + encodeURIComponent(id)} version={"file " + id} instances={[]}
        recordings={[{ label: file.value.name, url: rest.fileUrl(id) }]} />
    </>
  );
}
