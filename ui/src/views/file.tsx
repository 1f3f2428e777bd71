import { useState } from "preact/hooks";
import { rest } from "../api/rest";
import { bytes } from "../lib/format";
import { useLoaded } from "../state/load";
import { go } from "../state/route";
import { Explore } from "./explore";
import { Link } from "./link";

/** A recording or collapsed stacks from the user's own disk: dropped here, or chosen. */
export function OpenFile() {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState("");

  function open(file: File | undefined) {
    setOver(false);
    if (!file) return;
    setBusy(file.name);
    setProblem("");
    rest.open(file).then(
      opened => go("/files/" + opened.id),
      e => { setBusy(""); setProblem((e as Error).message); },
    );
  }

  return (
    <>
      <h1>Open a file</h1>
      <label
        class={over ? "drop over" : "drop"}
        onDragOver={event => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={event => { event.preventDefault(); open(event.dataTransfer?.files[0]); }}
      >
        <input type="file" aria-label="a recording or collapsed stacks" onChange={event => open(event.currentTarget.files?.[0])} />
        {busy ? `reading ${busy} …` : "Drop a recording (.jfr) or collapsed stacks here, or choose one."}
      </label>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <p class="quiet">The server reads it and forgets it after two hours; it is not kept.</p>
    </>
  );
}

export function File({ id }: { id: string }) {
  const file = useLoaded("file " + id, () => rest.file(id));
  if (file.problem) return <p class="problem" role="alert">{file.problem} <Link to="/open">Open a file</Link></p>;
  if (!file.value) return <p class="quiet">Loading…</p>;
  return (
    <>
      <h1><Link to="/open">Files</Link> / {file.value.name} <span class="quiet">{bytes(file.value.sizeBytes)}</span></h1>
      <Explore path={"/files/" + encodeURIComponent(id)} version={"file " + id} instances={[]} />
    </>
  );
}
