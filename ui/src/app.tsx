import { render } from "preact";
import { useReach } from "./state/load";
import { useRoute } from "./state/route";
import { startTheme } from "./state/theme";
import { File, Files } from "./views/file";
import { Fleet } from "./views/fleet";
import { Link } from "./views/link";
import { Profiles } from "./views/profiles";
import { Service } from "./views/service";
import { Settings } from "./views/settings";
import { Task } from "./views/task";
import { ThemeChoice } from "./views/theme";

function App() {
  const { path } = useRoute();
  const reach = useReach();
  return (
    <>
      <a class="skip" href="#main">Skip to content</a>
      <header class="top">
        <Link to="/" class="brand">Davylamp</Link>
        <nav>
          <Link to="/">Services</Link>
          <Link to="/open">Open a file</Link>
          <Link to="/settings">Settings</Link>
        </nav>
        <span class="end"><ThemeChoice /></span>
      </header>
      {!reach.answers && <p class="gone" role="alert">The server does not answer. This page shows what it last knew, and retries every second.</p>}
      {reach.answers && reach.trouble && <p class="gone" role="alert" data-testid="trouble">The server cannot do its work now ({reach.trouble}). This page shows what it last knew, and retries by itself.</p>}
      <main id="main" tabIndex={-1}>
        {path.length === 0 && <Fleet />}
        {path[0] === "services" && path[1] && <Service key={path[1]} name={path[1]} />}
        {path[0] === "profiles" && <Profiles />}
        {path[0] === "open" && <Files />}
        {path[0] === "files" && path[1] && <File key={path[1]} id={path[1]} />}
        {path[0] === "tasks" && path[1] && <Task key={path[1]} id={path[1]} />}
        {path[0] === "settings" && <Settings />}
      </main>
    </>
  );
}

startTheme();
render(<App />, document.getElementById("app")!);
