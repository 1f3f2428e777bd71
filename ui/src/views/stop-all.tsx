import { rest } from "../api/rest";
import { count } from "../lib/words";
import { confirmed } from "./kit/dialog";
import { toast } from "./kit/toast";

/** Ends everything that is being profiled, for those who may. */
export function StopAll() {
  async function stop() {
    if (!(await confirmed("Stop everything?", "Every running task of the services that you administer ends now. What was recorded so far is kept.", "Stop all"))) return;
    await rest.stopAll().then(stopped => toast(`${count(stopped, "task")} stopped`), e => toast((e as Error).message, true));
  }
  return <button type="button" class="secondary" onClick={() => void stop()}>Stop all</button>;
}
