import { render } from "preact";
import { useRoute } from "./state/route";
import { File, OpenFile } from "./views/file";
import { Fleet } from "./views/fleet";
import { Link } from "./views/link";
import { Profiles } from "./views/profiles";
import { Service } from "./views/service";
import { Task } from "./views/task";

function App() {
  const { path } = useRoute();
  return (
    <>
      <header class="top"><Link to="/" class="brand">Davylamp</Link><Link to="/open">Open a file</Link></header>
      <main>
        {path.length === 0 && <Fleet />}
        {path[0] === "services" && path[1] && <Service key={path[1]} name={path[1]} />}
        {path[0] === "profiles" && <Profiles />}
        {path[0] === "open" && <OpenFile />}
        {path[0] === "files" && path[1] && <File key={path[1]} id={path[1]} />}
        {path[0] === "tasks" && path[1] && <Task key={path[1]} id={path[1]} />}
      </main>
    </>
  );
}

render(<App />, document.getElementById("app")!);
