import { useState } from "preact/hooks";
import { rest, type OpenedFile } from "../api/rest";
import { ago, bytes, day } from "../lib/format";
import { useLoaded } from "../state/load";
import { go } from "../state/route";
import { useTitle } from "../state/title";
import { DropZone } from "./drop";
import { Explore } from "./explore";
import { confirmed } from "./kit/dialog";
import { Item } from "./kit/popover";
import { toast } from "./kit/toast";
import { Skeleton } from "./kit/wait";
import { Link } from "./link";
import { Missing } from "./missing";

const PERIOD_MILLIS = 2000;

/** Recordings or collapsed stacks from the user's own disk: dropped here, or chosen; and those that are open. */
export function Files() {
  useTitle("Files");
  const [changes, setChanges] = useState(0);
  const files = useLoaded("files " + changes, rest.files, PERIOD_MILLIS);
  const act = (work: Promise<unknown>) => work.then(() => setChanges(changes + 1), e => toast((e as Error).message, true));
  return (
    <>
      <div class="page-head"><h1>Open a file</h1></div>
      <DropZone />
      <p class="quiet">The server reads a file, and deletes it two hours after its last use unless you keep it.</p>
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
      <h2>Opened files</h2>
      <div class="wide">
        <table data-testid="files">
          <thead><tr><th><span class="hidden">Choose</span></th><th>File</th><th class="number">Size</th><th class="only-wide">Opened</th><th>Kept</th><th><span class="hidden">Actions</span></th></tr></thead>
          <tbody>
            {files.map(file => (
              <tr key={file.id}>
                <td><input type="checkbox" aria-label={`choose ${file.name}`} checked={chosen.includes(file.id)}
                  onChange={event => setChosen(event.currentTarget.checked ? [...chosen, file.id] : chosen.filter(id => id !== file.id))} /></td>
                <td><Link to={"/files/" + file.id}>{file.name}</Link></td>
                <td class="number">{bytes(file.sizeBytes)}</td>
                <td class="quiet only-wide" title={file.opened}>{ago(file.opened, now)}</td>
                <td>{file.kept ? <span class="quiet">kept</span> : <button type="button" class="quiet small" onClick={() => act(rest.keep(file.id))}>Keep</button>}</td>
                <td><button type="button" class="quiet small" onClick={() => void remove(file, act)}>Delete</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen.length > 0 && (
        <p class="row chosen-bar">
          {chosen.length} chosen
          <button type="button" class="secondary" disabled={inOrder.length !== 2} onClick={() => go(`/files/${inOrder[0]}?base-file=${inOrder[1]}`)}>Compare</button>
          <button type="button" class="secondary" disabled={inOrder.length < 2} onClick={() => go("/profiles?" + inOrder.map(id => "file=" + id).join("&"))}>Merge</button>
        </p>
      )}
    </>
  );
}

async function remove(file: OpenedFile, act: (work: Promise<unknown>) => void): Promise<void> {
  if (await confirmed("Delete this file?", `${file.name} is deleted from the server. Your own copy stays.`, "Delete")) act(rest.removeFile(file.id).then(() => go("/open")));
}

export function File({ id }: { id: string }) {
  const [changes, setChanges] = useState(0);
  const file = useLoaded(`file ${id} ${changes}`, () => rest.file(id));
  useTitle(file.value?.name ?? "File");
  if (!file.value) {
    if (file.status === 404) return <Missing title="There is no such file">The server deletes a file two hours after its last use, unless somebody keeps it.</Missing>;
    return file.problem ? <p class="problem" role="alert">{file.problem} <Link to="/open">Open a file</Link></p> : <Skeleton fill />;
  }
  const { name, sizeBytes, kept, opened } = file.value;
  const act = (work: Promise<unknown>) => void work.then(() => setChanges(changes + 1), e => toast((e as Error).message, true));
  return (
    <Explore
      about={{
        crumbs: <Link to="/open">Files</Link>, title: name,
        meta: (
          <>
            <span class="quiet">{bytes(sizeBytes)}</span><span class="quiet" title={opened}>opened {day(opened, Date.now())}</span>
            {kept ? <span class="quiet">kept</span> : <button type="button" class="quiet small" title="Files that are not kept are deleted two hours after their last use" onClick={() => act(rest.keep(id))}>Keep</button>}
          </>
        ),
        more: close => <Item text="Delete" danger onClick={() => { close(); void remove(file.value!, act); }} />,
      }}
      path={"/files/" + encodeURIComponent(id)} version={"file " + id} instances={[]}
      recordings={[{ label: name, url: rest.fileUrl(id) }]} />
  );
}
