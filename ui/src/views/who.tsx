import { rest } from "../api/rest";
import { BASE } from "../api/base";
import { useMe } from "../state/me";
import { Item, Popover } from "./kit/popover";
import { toast } from "./kit/toast";

/** Who is signed in, what they may do, and the way out; nothing where nobody signs in. */
export function Who() {
  const me = useMe();
  if (me.signIn === "none" || !me.signedIn) return null;
  // All that was seen goes with the page.
  const leave = () => void rest.logout().then(ended => location.assign(ended?.next ?? BASE + "/"), e => toast((e as Error).message, true));
  return (
    <Popover icon="person" label={`Signed in as ${me.name}`} name="who">
      {close => (
        <>
          <p class="who-name"><b>{me.name}</b></p>
          <ul class="grants">{me.grants.map(grant => <li key={grant}><code>{grant}</code></li>)}</ul>
          {me.grants.length === 0 && <p class="quiet">No role yet. Ask an administrator.</p>}
          <hr />
          <Item text="Sign out" onClick={() => { close(); leave(); }} />
        </>
      )}
    </Popover>
  );
}
