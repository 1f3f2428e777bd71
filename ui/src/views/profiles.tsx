import { useRoute } from "../state/route";
import { Explore } from "./explore";
import { Link } from "./link";

/** Any profiles that the address selects: `task=A&task=B`, or `service=…&since=…&until=…`; with `base-…` against others. */
export function Profiles() {
  const { query } = useRoute();
  const tasks = query.getAll("task");
  const service = query.get("service");
  if (tasks.length === 0 && !service) {
    return <p class="quiet">Which profiles? Choose tasks on the page of <Link to="/">their service</Link>.</p>;
  }
  return (
    <>
      <h1><Link to="/">Services</Link> / {service ?? tasks.map((task, i) => <span key={task}>{i > 0 && " + "}<Link to={"/tasks/" + task}>{task}</Link></span>)}</h1>
      <Explore path="/profiles" version={"profiles " + tasks.join(" ") + " " + service} instances={[]} />
    </>
  );
}
