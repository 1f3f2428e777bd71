import { useEffect, useState } from "preact/hooks";
import { bytes } from "../lib/format";
import { dismiss, openFiles, useUploads, type Upload } from "../state/opening";
import { Icon } from "./kit/icon";

const FORMATS = "JFR, pprof, speedscope, collapsed stacks or perf script, also packed (.gz, .zip, .lz4, .zst)";

/** Files dropped anywhere on any page are opened; none leaves the page. */
export function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let inside = 0;
    const has = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => { if (has(event)) { inside++; setOver(true); } };
    const leave = (event: DragEvent) => { if (has(event) && --inside <= 0) setOver(false); };
    const stay = (event: DragEvent) => { if (has(event)) event.preventDefault(); };
    const drop = (event: DragEvent) => {
      if (!has(event)) return;
      event.preventDefault();
      inside = 0;
      setOver(false);
      void openFiles([...event.dataTransfer!.files]);
    };
    addEventListener("dragenter", enter);
    addEventListener("dragleave", leave);
    addEventListener("dragover", stay);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragleave", leave);
      removeEventListener("dragover", stay);
      removeEventListener("drop", drop);
    };
  }, []);
  return over ? <div class="drop-over"><div><Icon name="drop" /><b>Drop to open</b><span class="quiet">{FORMATS}</span></div></div> : null;
}

/** Where a file is dropped or chosen. */
export function DropZone({ compact }: { compact?: boolean }) {
  return (
    <label class={compact ? "drop compact" : "drop"}>
      <Icon name="drop" />
      <span><b>Drop recordings here</b> or choose files</span>
      {!compact && <span class="quiet">{FORMATS}</span>}
      <input type="file" multiple aria-label="a recording or another profiler's file" onChange={event => {
        const files = [...(event.currentTarget.files ?? [])];
        event.currentTarget.value = "";
        void openFiles(files);
      }} />
    </label>
  );
}

/** How far each file is, with a way out; stays until it is over. */
export function Uploads() {
  const uploads = useUploads();
  const [now, setNow] = useState(Date.now());
  const active = uploads.some(each => !each.problem);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [active]);
  if (uploads.length === 0) return null;
  return (
    <div class="uploads">
      {uploads.map(each => each.problem
        ? (
          <div key={each.id} class="upload bad">
            <p role="alert">{each.problem}</p>
            <button type="button" class="quiet tiny" aria-label={`dismiss ${each.name}`} onClick={() => dismiss(each.id)}><Icon name="close" /></button>
          </div>
        )
        : <Running key={each.id} upload={each} now={now} />)}
    </div>
  );
}

function Running({ upload, now }: { upload: Upload; now: number }) {
  const { name, sent, bytes: all, began } = upload;
  const passed = Math.max(0, Math.round((now - began) / 1000));
  const sending = sent < all;
  const left = sent > 0 ? Math.round(((now - began) / sent) * (all - sent) / 1000) : 0;
  return (
    <div class="upload" role="status">
      <div class="upload-text"><b title={name}>{name}</b>
        <span class="quiet">{sending
          ? `Uploading: ${((100 * sent) / Math.max(1, all)).toFixed(0)} %, ${bytes(sent)} of ${bytes(all)}${left > 1 ? `, ${left} s left` : ""}`
          : `Reading ${bytes(all)}, ${passed} s`}</span>
      </div>
      <progress max={all} value={sending ? sent : undefined} aria-label={`progress of ${name}`} />
      <button type="button" class="quiet small" onClick={upload.cancel}>Cancel</button>
    </div>
  );
}
