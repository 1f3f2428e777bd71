import { useState } from "preact/hooks";
import { rest, type Task } from "../api/rest";
import { ruleTitle } from "../lib/words";
import { Dialog } from "./kit/dialog";
import { toast } from "./kit/toast";

/** As many characters as the server takes. */
const MOST = 120;

/** Gives a task a title of one's own, or takes it away. */
export function TitleForm({ task, onDone, onClose }: { task: Task; onDone: (task: Task) => void; onClose: () => void }) {
  const [title, setTitle] = useState(task.title ?? "");
  const save = () => rest.retitle(task.id, title).then(next => { onClose(); onDone(next); }, e => toast((e as Error).message, true));
  return (
    <Dialog title="Rename this task" onClose={onClose}>
      <form onSubmit={event => { event.preventDefault(); void save(); }}>
        <label class="title-field">Title <input name="title" autofocus maxLength={MOST} autocomplete="off" placeholder={ruleTitle(task)} value={title} onInput={event => setTitle(event.currentTarget.value)} /></label>
        <p class="quiet hint">Everybody who sees the task sees its title. Empty: {ruleTitle(task)}.</p>
        <div class="dialog-actions"><button type="button" class="secondary" onClick={onClose}>Cancel</button><button type="submit" class="primary">Rename</button></div>
      </form>
    </Dialog>
  );
}
