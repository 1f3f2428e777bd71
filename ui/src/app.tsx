import { render } from "preact";
import { BASE } from "./api/base";
import { watch } from "./api/reach";
import { useReach } from "./state/load";
import { startMe, useMe, useSignInNeeded } from "./state/me";
import { useRoute } from "./state/route";
import { startTheme } from "./state/theme";
import { Access, ACCESS_PARTS } from "./views/access";
import { Allow } from "./views/allow";
import { Doc } from "./views/doc";
import { DropAnywhere, Uploads } from "./views/drop";
import { File, Files } from "./views/file";
import { Fleet } from "./views/fleet";
import { Keys } from "./views/keys";
import { Questions } from "./views/kit/dialog";
import { Icon, Lamp, type IconName } from "./views/kit/icon";
import { Toasts } from "./views/kit/toast";
import { Link } from "./views/link";
import { Missing } from "./views/missing";
import { Profiles } from "./views/profiles";
import { Service } from "./views/service";
import { Settings } from "./views/settings";
import { SignIn, SignInAgain } from "./views/sign-in";
import { Task } from "./views/task";
import { ThemeChoice } from "./views/theme";
import { Who } from "./views/who";

/** What stands first in the address of a page, and its name in the rail. */
const PLACES: { to: string; of: string[]; text: string; icon: IconName; signedIn?: boolean }[] = [
  { to: "/", of: ["", "services", "tasks", "profiles"], text: "Services", icon: "services" },
  { to: "/open", of: ["open", "files"], text: "Files", icon: "file" },
  { to: "/access", of: ["access"], text: "Access", icon: "access", signedIn: true },
  { to: "/settings", of: ["settings"], text: "Settings", icon: "settings" },
];
/** Pages that fill the window: a picture goes to its lower edge. */
const FULL = ["tasks", "files", "profiles"];

function App() {
  const { path } = useRoute();
  const reach = useReach();
  const me = useMe();
  const signInNeeded = useSignInNeeded();
  if (me.signIn !== "none" && !me.signedIn) return <SignIn />;
  const at = path[0] ?? "";
  const full = FULL.includes(at);
  return (
    <>
      <div class="skips">
        <a class="skip" href="#main">Skip to content</a>
        {full && <a class="skip" href="#graph">Skip to the graph</a>}
      </div>
      <nav class="rail" aria-label="pages">
        <Link to="/" class="mark" title="Davylamp" label="Davylamp"><Lamp size={26} /></Link>
        {PLACES.filter(place => !place.signedIn || me.signedIn).map(place => (
          <Link key={place.to} to={place.to} class="rail-item" title={place.text} current={place.of.includes(at)}><Icon name={place.icon} /><span>{place.text}</span></Link>
        ))}
        <span class="rail-end">
          <a class="rail-item icon-only only-wide" href={BASE + "/docs/"} target="_blank" rel="noopener" aria-label="Documentation" title="Documentation"><Icon name="docs" /></a>
          <Keys /><ThemeChoice /><Who />
        </span>
      </nav>
      <div class="content">
        {!reach.answers && <p class="gone" role="alert">The server does not answer. This page shows what it last knew, and retries every second.</p>}
        {reach.answers && reach.trouble && <p class="gone" role="alert" data-testid="trouble">The server cannot do its work now ({reach.trouble}). This page shows what it last knew, and retries by itself. <Doc to="reference/metrics.html#conditions">What it means</Doc></p>}
        <main id="main" tabIndex={-1} class={full ? "full" : "page"}>
          <Page path={path} />
        </main>
      </div>
      <Uploads />
      <Toasts />
      <Questions />
      <DropAnywhere />
      {signInNeeded && <SignInAgain />}
    </>
  );
}

function Page({ path: [first, second, third] }: { path: string[] }) {
  if (first === undefined) return <Fleet />;
  if (first === "services" && second) return <Service key={second} name={second} />;
  if (first === "profiles") return <Profiles />;
  if (first === "open") return <Files />;
  if (first === "files" && second) return <File key={second} id={second} />;
  if (first === "tasks" && second) return <Task key={second} id={second} />;
  if (first === "settings") return <Settings />;
  if (first === "allow" && !second) return <Allow />;
  if (first === "access" && !third && ACCESS_PARTS.includes(second ?? "")) return <Access part={second ?? ""} />;
  return <Missing title="There is no such page">The address may have been cut or mistyped.</Missing>;
}

/** What is drawn is measured in the page's fonts: it waits for them, though not for ever; and who uses the page decides what it is. */
const FONT_MILLIS = 2000;
const fonts = ["400 12px Inter", "600 12px Inter", "400 12px 'JetBrains Mono'"].map(font => document.fonts.load(font).catch(() => []));
startTheme();
watch();
void Promise.all([startMe(), Promise.race([Promise.all(fonts), new Promise(done => setTimeout(done, FONT_MILLIS))])]).then(() => render(<App />, document.getElementById("app")!));
