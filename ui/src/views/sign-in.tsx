import { useEffect, useRef, useState } from "preact/hooks";
import { Slowed } from "../api/problem";
import { rest } from "../api/rest";
import { entered, useMe } from "../state/me";
import { useTitle } from "../state/title";
import { Doc } from "./doc";
import { Lamp } from "./kit/icon";
import { ThemeChoice } from "./theme";

/** In place of every page while nobody is signed in. The address stays what it was, so there is none to come back to. */
export function SignIn() {
  useTitle("Sign in");
  return (
    <main id="main" class="sign-in" tabIndex={-1}>
      <Lamp size={56} />
      <h1>Sign in to Davylamp</h1>
      <Form />
      <p class="quiet"><Doc to="how-to/login.html#when-it-does-not-work">Trouble signing in?</Doc></p>
      <span class="sign-in-theme"><ThemeChoice /></span>
    </main>
  );
}

/** Over a page whose session has ended: what was typed and asked for stays, and goes on. */
export function SignInAgain() {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current!.showModal(), []);
  return (
    <dialog ref={box} class="dialog sign-in" aria-label="Sign in again" onCancel={event => event.preventDefault()} onKeyDown={event => event.stopPropagation()}>
      <h2>Sign in again</h2>
      <p class="quiet">Your session has ended. The page goes on where it was.</p>
      <Form over />
    </dialog>
  );
}

/** @param over a page whose content stays: an identity provider opens beside it */
function Form({ over }: { over?: boolean }) {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(Date.now());
  const [busy, setBusy] = useState(false);
  const passwordBox = useRef<HTMLInputElement>(null);
  const wait = Math.ceil((until - now) / 1000);
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [until, wait > 0]);

  // Somebody comes back from the identity provider.
  useEffect(() => {
    if (!over || !me.oidc) return;
    const back = () => void rest.me().then(who => who.signedIn && entered(who), () => {});
    addEventListener("focus", back);
    return () => removeEventListener("focus", back);
  }, [over, me.oidc]);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy || wait > 0) return;
    setBusy(true);
    setProblem("");
    try {
      await rest.login(name.trim(), password);
      const who = await rest.me();
      if (who.signedIn) entered(who);
      else setProblem("The browser did not keep the session. Allow cookies of this page, then sign in again.");
    } catch (e) {
      if (e instanceof Slowed) {
        setNow(Date.now());
        setUntil(Date.now() + e.seconds * 1000);
      } else setProblem(sentence((e as Error).message));
      passwordBox.current?.select();
    } finally {
      setBusy(false);
    }
  }

  if (me.signIn === "none") {
    return (
      <>
        <p class="quiet">Something in front of this server asks for sign-in. Reload the page to get there.</p>
        <button type="button" class="primary" onClick={() => location.reload()}>Reload</button>
      </>
    );
  }
  if (me.signIn === "token") return <p class="quiet">This server takes tokens of programs only. Its setting <code>access.users</code> lets people sign in with a password.</p>;
  const provider = me.oidc && (
    <a class={me.signIn === "oidc" ? "button primary" : "button secondary"} target={over ? "_blank" : undefined}
      href={me.oidc.login + "?to=" + encodeURIComponent(location.pathname + location.search)}>Sign in with {me.oidc.provider}</a>
  );
  if (me.signIn === "oidc") return <div class="sign-in-form">{provider}</div>;
  return (
    <form class="sign-in-form" onSubmit={event => void submit(event)}>
      <label>Name <input name="name" autofocus={!me.name} autocomplete="username" autocapitalize="none" spellcheck={false} required value={name} onInput={event => setName(event.currentTarget.value)} /></label>
      <label>Password <input ref={passwordBox} name="password" type="password" autofocus={!!me.name} autocomplete="current-password" required value={password} onInput={event => setPassword(event.currentTarget.value)} /></label>
      <button type="submit" class="primary" disabled={busy || wait > 0}>Sign in</button>
      {provider}
      {wait > 0 && <p class="problem" role="alert">{`Too many wrong attempts. Try again in ${wait} s.`}</p>}
      {problem && wait <= 0 && <p class="problem" role="alert">{problem}</p>}
    </form>
  );
}

/** As a sentence begins and ends. */
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
