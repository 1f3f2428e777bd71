import { useState } from "preact/hooks";
import { rest } from "../api/rest";
import { useMe } from "../state/me";
import { useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { GrantList } from "./access";
import { Missing } from "./missing";

const LEAST_PORT = 1024;
const MOST_PORT = 65535;

/** Asks whether the command line on this machine may act for whoever uses the page; `davy login` opened it and waits. */
export function Allow() {
  useTitle("Allow davy");
  const me = useMe();
  const { query } = useRoute();
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState(false);
  const port = Number(query.get("port"));
  const state = query.get("state") ?? "";
  const challenge = query.get("challenge") ?? "";
  const host = query.get("host") ?? "";
  if (me.signIn === "none") return <Missing title="Nobody signs in here">davy needs no sign-in at this server.</Missing>;
  if (!Number.isInteger(port) || port < LEAST_PORT || port > MOST_PORT || !state || !challenge) {
    return <Missing title="This address is incomplete">Run <code>davy login</code> again; it opens the whole address.</Missing>;
  }
  /** A port of this machine, wherever the address came from. */
  const leave = (to: string) => { setDone(true); location.replace(to); };
  const allow = () => rest.allow({ challenge, state, port, host }).then(({ to }) => leave(to), e => setProblem((e as Error).message));
  return (
    <section class="allow" data-testid="allow">
      <div class="page-head"><h1>Allow davy to act as {me.name}?</h1></div>
      <p>The command <code>davy login</code>{host && <> on <b>{host}</b></>} waits for your answer. It could then do what you may do, until your session here would end:</p>
      <GrantList grants={me.grants} />
      <p class="quiet">Allow it only if you ran <code>davy login</code> on this computer a moment ago.</p>
      <p class="row">
        <button type="button" class="primary" disabled={done} onClick={() => void allow()}>Allow</button>
        <button type="button" class="secondary" disabled={done} onClick={() => leave(`http://127.0.0.1:${port}/?error=denied&state=${encodeURIComponent(state)}`)}>Do not allow</button>
      </p>
      {problem && <p class="problem" role="alert">{problem}</p>}
    </section>
  );
}
