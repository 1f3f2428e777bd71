import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { rest, type AuditEntry, type NewToken, type SignedIn, type Token, type User } from "../api/rest";
import { ago, timeOfDay } from "../lib/format";
import { parts, ROLES, ROLE_WORDS } from "../lib/grants";
import { count } from "../lib/words";
import { useLoaded } from "../state/load";
import { administersSomething, useMe } from "../state/me";
import { go, show, useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { Copy } from "./copy";
import { confirmed, Dialog } from "./kit/dialog";
import { Icon } from "./kit/icon";
import { Segments, Tabs } from "./kit/tabs";
import { toast } from "./kit/toast";
import { Skeleton } from "./kit/wait";
import { Missing } from "./missing";
import { StopAll } from "./stop-all";
import { Tasks } from "./tasks";

const PERIOD_MILLIS = 2000;
/** What stands after `/access/` in the address; nothing for what runs now. */
export const ACCESS_PARTS = ["", "users", "tokens", "audit"];

/** Who may do what, what they do now, and what they did. */
export function Access({ part }: { part: string }) {
  useTitle("Access");
  const me = useMe();
  if (me.signIn === "none") {
    return <Missing title="Nobody signs in here">Everybody who reaches this server may do everything. The setting <code>access.users</code> changes that.</Missing>;
  }
  const tabs = [{ word: "", text: "Running now" }, ...(me.administrator ? [{ word: "users", text: "Users" }, { word: "tokens", text: "Tokens" }, { word: "audit", text: "Audit log" }] : [])];
  return (
    <>
      <div class="page-head"><h1>Access</h1></div>
      <Tabs label="parts of access" chosen={part} tabs={tabs} onChoose={word => go("/access" + (word && "/" + word))} />
      {part === "" && <Running />}
      {part === "users" && <Users />}
      {part === "tokens" && <Tokens />}
      {part === "audit" && <Audit />}
    </>
  );
}

/** Who profiles what right now. */
function Running() {
  const me = useMe();
  const running = useLoaded("running", rest.running, PERIOD_MILLIS);
  if (running.problem) return <p class="problem" role="alert">{running.problem}</p>;
  if (!running.value) return <Skeleton height={120} />;
  return (
    <>
      <p class="row">{running.value.length > 0 && administersSomething(me) && <StopAll />}</p>
      {running.value.length === 0 ? <p class="quiet">Nothing is being profiled.</p> : <Tasks tasks={running.value} testId="running" />}
    </>
  );
}

/** Loads a list, and again after each change of it. */
function useList<T>(key: string, load: () => Promise<T>) {
  const [changes, setChanges] = useState(0);
  const list = useLoaded(`${key} ${changes}`, load);
  /** Tells why when it did not work. @returns whether it did */
  const act = (work: Promise<unknown>) => work.then(() => { setChanges(n => n + 1); return true; }, e => { toast((e as Error).message, true); return false; });
  return { list, act };
}

/** As many grants as there are, and one more on demand. */
function Grants({ grants, onChange, services }: { grants: string[]; onChange: (grants: string[]) => void; /** Only which services. */ services?: boolean }) {
  const change = (at: number, role: string, pattern: string) => onChange(grants.map((each, i) => (i === at ? `${role} ${pattern}` : each)));
  return (
    <div class="grants-form" role="group" aria-label="grants">
      {grants.map((grant, i) => {
        const { role, services: pattern } = parts(grant);
        return (
          <span key={i} class="row">
            {!services && (
              <select aria-label="role" value={role} onChange={event => change(i, event.currentTarget.value, pattern)}>
                {ROLES.map(each => <option key={each} value={each}>{each}: {ROLE_WORDS[each]}</option>)}
              </select>
            )}
            <input class="mono" aria-label="services" placeholder="checkout-*" value={pattern} onInput={event => change(i, role, event.currentTarget.value)} />
            {grants.length > 1 && <button type="button" class="quiet square" aria-label={`remove ${grant}`} onClick={() => onChange(grants.filter((_, at) => at !== i))}><Icon name="close" /></button>}
          </span>
        );
      })}
      <span class="row">
        <button type="button" class="quiet small" onClick={() => onChange([...grants, "viewer "])}><Icon name="plus" />{services ? "More services" : "Add a role"}</button>
        <span class="quiet hint">* stands for any characters; * alone for all services.</span>
      </span>
    </div>
  );
}

const written = (grants: string[]) => grants.map(each => each.trim()).filter(each => parts(each).services);

const Field = ({ text, children }: { text: string; children: ComponentChildren }) => <div class="form-row"><span>{text}</span><div>{children}</div></div>;

function Users() {
  const { list, act } = useList("users", rest.users);
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const me = useMe();
  if (list.problem) return <p class="problem" role="alert">{list.problem}</p>;
  if (!list.value) return <Skeleton height={200} />;
  const remove = async ({ name }: User) => {
    if (await confirmed(`Remove ${name}?`, "Their sessions end at once. Their tasks and recordings stay.", "Remove")) void act(rest.removeUser(name));
  };
  return (
    <>
      <p class="row"><button type="button" class="primary" onClick={() => setEditing("new")}><Icon name="plus" />Add a user</button></p>
      <div class="wide">
        <table data-testid="users">
          <thead><tr><th>Name</th><th>Roles</th><th>Added</th><th><span class="hidden">Actions</span></th></tr></thead>
          <tbody>
            {list.value.map(user => (
              <tr key={user.name}>
                <td><b>{user.name}</b>{user.name === me.name && <span class="quiet"> (you)</span>}</td>
                <td><GrantList grants={user.grants} /></td>
                <td class="quiet" title={user.created}>{ago(user.created, Date.now())}</td>
                <td class="actions">
                  <button type="button" class="quiet small" onClick={() => setEditing(user)}>Change</button>
                  <button type="button" class="quiet small" onClick={() => void remove(user)}>Remove</button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {editing && <UserForm user={editing === "new" ? null : editing} act={act} onClose={() => setEditing(null)} />}
      <Sessions />
    </>
  );
}

/** Who is signed in now, here or through an identity provider. */
function Sessions() {
  const { list, act } = useList("sessions", rest.signedIn);
  const me = useMe();
  if (list.problem) return <p class="problem" role="alert">{list.problem}</p>;
  if (!list.value) return <Skeleton height={120} />;
  const now = Date.now();
  const end = async (person: SignedIn) => {
    const again = person.issuer ? "They can sign in again as long as the identity provider lets them and one of their groups has a role." : "They can sign in again with their password.";
    if (await confirmed(`End the sessions of ${person.name}?`, `Every server refuses them within two seconds. ${again}`, "End")) void act(rest.endSessions(person));
  };
  return (
    <>
      <h2>Signed in now</h2>
      <div class="wide">
        <table data-testid="sessions">
          <thead><tr><th>Name</th><th>From</th><th>Sessions</th><th>Signed in</th><th>Last used</th><th><span class="hidden">Actions</span></th></tr></thead>
          <tbody>
            {list.value.map(person => (
              <tr key={person.issuer + " " + person.subject}>
                <td><b>{person.name}</b>{person.name === me.name && <span class="quiet"> (you)</span>}</td>
                <td class="quiet" title={person.subject}>{person.issuer || "local user"}</td>
                <td class="number">{person.sessions}</td>
                <td class="quiet" title={person.signedIn}>{ago(person.signedIn, now)}</td>
                <td class="quiet" title={person.lastUsed}>{ago(person.lastUsed, now)}</td>
                <td class="actions"><button type="button" class="quiet small" onClick={() => void end(person)}>End sessions</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export const GrantList = ({ grants }: { grants: string[] }) => grants.length === 0
  ? <span class="quiet">none</span>
  : <span class="labels">{grants.map(each => <code key={each} class="label">{each}</code>)}</span>;

function UserForm({ user, act, onClose }: { user: User | null; act: (work: Promise<unknown>) => Promise<boolean>; onClose: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [grants, setGrants] = useState(user ? user.grants : ["viewer *"]);
  const save = () => (user
    ? rest.changeUser(user.name, { grants: written(grants), ...(password ? { password } : {}) })
    : rest.addUser({ name: name.trim(), password, grants: written(grants) }));
  return (
    <Dialog title={user ? `Change ${user.name}` : "Add a user"} wide onClose={onClose}>
      <form onSubmit={event => { event.preventDefault(); void act(save()).then(good => good && onClose()); }}>
        {!user && <Field text="Name"><input name="new-name" required autocomplete="off" aria-label="name" value={name} onInput={event => setName(event.currentTarget.value)} /></Field>}
        <Field text="Password">
          <input name="new-password" type="password" autocomplete="new-password" aria-label="password" required={!user} minLength={12} value={password} onInput={event => setPassword(event.currentTarget.value)} />
          <span class="quiet hint">12 characters at least{user ? "; empty leaves it as it is" : ""}</span>
        </Field>
        <Field text="Roles"><Grants grants={grants} onChange={setGrants} /></Field>
        {user && <p class="quiet">A change ends the sessions of {user.name}.</p>}
        <div class="dialog-actions"><button type="button" class="secondary" onClick={onClose}>Cancel</button><button type="submit" class="primary">{user ? "Change" : "Add"}</button></div>
      </form>
    </Dialog>
  );
}

const DAY_SECONDS = 86_400;
const LASTS: [string, string][] = [[String(30 * DAY_SECONDS), "30 days"], [String(90 * DAY_SECONDS), "90 days"], [String(365 * DAY_SECONDS), "One year"], ["", "Until revoked"]];
const KINDS: [Token["kind"], string][] = [["API", "Scripts, davy, CI"], ["AGENT", "Agents"]];

function Tokens() {
  const { list, act } = useList("tokens", rest.tokens);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<(Token & { secret: string }) | null>(null);
  if (list.problem) return <p class="problem" role="alert">{list.problem}</p>;
  if (!list.value) return <Skeleton height={200} />;
  const now = Date.now();
  const revoke = async ({ id, name }: Token) => {
    if (await confirmed(`Revoke ${name}?`, "Whatever uses this token is refused within two seconds. This cannot be undone.", "Revoke")) void act(rest.revokeToken(id));
  };
  return (
    <>
      <p class="row"><button type="button" class="primary" onClick={() => setMaking(true)}><Icon name="plus" />Make a token</button></p>
      {list.value.length === 0 && <p class="quiet">No token yet. Scripts and agents need one.</p>}
      {list.value.length > 0 && (
        <div class="wide">
          <table data-testid="tokens">
            <thead><tr><th>Name</th><th>For</th><th>Roles</th><th>Made by</th><th>Made</th><th>Ends</th><th>Last used</th><th><span class="hidden">Actions</span></th></tr></thead>
            <tbody>
              {list.value.map(token => (
                <tr key={token.id}>
                  <td><b>{token.name}</b></td>
                  <td>{token.kind === "AGENT" ? "agents" : "scripts"}</td>
                  <td><GrantList grants={token.kind === "AGENT" ? token.grants.map(each => parts(each).services) : token.grants} /></td>
                  <td>{token.author}</td>
                  <td class="quiet" title={token.created}>{ago(token.created, now)}</td>
                  <td class="quiet" title={token.ends ?? ""}>{token.ends ? until(token.ends, now) : "when revoked"}</td>
                  <td class="quiet" title={token.lastUsed ?? ""}>{token.lastUsed ? ago(token.lastUsed, now) : "never"}</td>
                  <td class="actions"><button type="button" class="quiet small" onClick={() => void revoke(token)}>Revoke</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {making && <TokenForm onClose={() => setMaking(false)} onMake={token => act(rest.makeToken(token).then(next => { setMaking(false); setMade(next); }))} />}
      {made && (
        <Dialog title={`Token ${made.name}`} onClose={() => setMade(null)}>
          <p><b>Copy it now.</b> The server keeps only its hash and cannot show it again.</p>
          <pre class="command"><code data-testid="secret">{made.secret}</code><Copy text={() => made.secret} /></pre>
          <p class="quiet">{made.kind === "AGENT" ? <>Agents take it as <code>DAVY_TOKEN</code>.</> : <>Scripts send it as <code>Authorization: Bearer</code>; <code>davy</code> takes it as <code>DAVY_TOKEN</code>.</>}</p>
          <div class="dialog-actions"><button type="button" class="primary" onClick={() => setMade(null)}>Done</button></div>
        </Dialog>
      )}
    </>
  );
}

/** `in 30 d`; what is over is said so. */
function until(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (seconds <= 0) return "has ended";
  if (seconds < 3600) return `in ${Math.ceil(seconds / 60)} min`;
  return seconds < 2 * DAY_SECONDS ? `in ${Math.round(seconds / 3600)} h` : `in ${Math.round(seconds / DAY_SECONDS)} d`;
}

function TokenForm({ onMake, onClose }: { onMake: (token: NewToken) => Promise<boolean>; onClose: () => void }) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Token["kind"]>("API");
  const [grants, setGrants] = useState(["viewer *"]);
  const [lasts, setLasts] = useState(LASTS[1]![0]);
  const busy = useRef(false);
  function make(event: Event) {
    event.preventDefault();
    if (busy.current) return;
    busy.current = true;
    void onMake({ name: name.trim(), kind, grants: written(grants), ...(lasts ? { lastsSeconds: Number(lasts) } : {}) }).finally(() => { busy.current = false; });
  }
  return (
    <Dialog title="Make a token" wide onClose={onClose}>
      <form onSubmit={make}>
        <Field text="Name"><input name="token-name" required autocomplete="off" placeholder="nightly build" aria-label="name" value={name} onInput={event => setName(event.currentTarget.value)} /></Field>
        <Field text="For"><Segments label="kind" chosen={kind} choices={KINDS} onChoose={word => setKind(word as Token["kind"])} /></Field>
        <Field text={kind === "AGENT" ? "Services" : "Roles"}><Grants grants={grants} services={kind === "AGENT"} onChange={setGrants} /></Field>
        <Field text="Ends"><Segments label="ends" chosen={lasts} choices={LASTS} onChoose={setLasts} /></Field>
        <div class="dialog-actions"><button type="button" class="secondary" onClick={onClose}>Cancel</button><button type="submit" class="primary">Make</button></div>
      </form>
    </Dialog>
  );
}

const ACTIONS = [
  "login", "login.allow", "logout", "task.create", "task.stop", "task.cancel", "task.title", "task.delete", "recording.download", "profile.view", "file.open", "file.delete", "instance.trust",
  "token.make", "token.revoke", "session.end", "user.add", "user.change", "user.remove",
];
const ENTRIES = 50;

/** What people and programs did or were refused; filters and the page are in the address. */
function Audit() {
  const { query } = useRoute();
  const words = ["name", "service", "action", "since", "until", "before"].flatMap((word): [string, string][] => (query.get(word) ? [[word, query.get(word)!]] : []));
  const asked: [string, string][] = [...words, ["limit", String(ENTRIES)]];
  const entries = useLoaded("audit " + new URLSearchParams(asked), () => rest.audit(asked));
  const filter = (word: string) => ({ value: query.get(word) ?? "", onChange: (event: { currentTarget: { value: string } }) => show({ [word]: event.currentTarget.value.trim(), before: null }) });
  const moment = (word: string) => ({
    type: "datetime-local",
    value: local(query.get(word)),
    onChange: (event: { currentTarget: { value: string } }) => show({ [word]: event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null, before: null }),
  });
  const last = entries.value?.at(-1)?.id;
  return (
    <>
      <form class="row audit-filters" onSubmit={event => event.preventDefault()}>
        <label>Who <input name="audit-name" placeholder="anybody" {...filter("name")} /></label>
        <label>Service <input name="audit-service" placeholder="any" {...filter("service")} /></label>
        <label>Action <select name="audit-action" {...filter("action")}><option value="">all</option>{ACTIONS.map(each => <option key={each}>{each}</option>)}</select></label>
        <label>Since <input name="audit-since" {...moment("since")} /></label>
        <label>Until <input name="audit-until" {...moment("until")} /></label>
        {words.length > 0 && <button type="button" class="quiet" onClick={() => show(Object.fromEntries(words.map(([word]) => [word, null])))}>Clear</button>}
      </form>
      {entries.problem && <p class="problem" role="alert">{entries.problem}</p>}
      {!entries.value && !entries.problem && <Skeleton height={400} />}
      {entries.value?.length === 0 && <p class="quiet">No entry.</p>}
      {entries.value && entries.value.length > 0 && <Entries entries={entries.value} />}
      <p class="row">
        {query.has("before") && <button type="button" class="secondary" onClick={() => show({ before: null })}>Newest</button>}
        {entries.value?.length === ENTRIES && last && <button type="button" class="secondary" onClick={() => show({ before: last })}>Older</button>}
      </p>
    </>
  );
}

/** As the browser's own box for a time takes it. */
function local(time: string | null): string {
  const at = time ? new Date(time) : null;
  if (!at || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const RESULTS: Record<AuditEntry["result"], string> = { DONE: "done", REFUSED: "refused", FAILED: "failed" };

function Entries({ entries }: { entries: AuditEntry[] }) {
  return (
    <div class="wide">
      <table data-testid="audit">
        <thead><tr><th>Time</th><th>Who</th><th>From</th><th>Action</th><th>On</th><th>Result</th></tr></thead>
        <tbody>
          {entries.map(each => (
            <tr key={each.id}>
              <td class="number" title={each.at}>{new Date(each.at).toLocaleDateString("en", { month: "short", day: "numeric" })}, {timeOfDay(Date.parse(each.at))}</td>
              <td title={each.who}>{each.name || <span class="quiet">nobody</span>}</td>
              <td class="quiet">{each.address}</td>
              <td><code>{each.action}</code></td>
              <td>{each.service}{each.instances.length > 0 && <span class="quiet" title={each.instances.join(", ")}> {count(each.instances.length, "instance")}</span>}{each.subject && <span class="quiet"> {each.subject}</span>}</td>
              <td class={each.result === "DONE" ? "quiet" : "problem"}>{RESULTS[each.result] ?? each.result}{each.detail && <span class="quiet"> {each.detail}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
