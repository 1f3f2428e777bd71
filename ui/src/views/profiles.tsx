import { useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { Explore } from "./explore";
import { Link } from "./link";

/** Any profiles that the address selects: `task=A&task=B`, or `service=…&since=…&until=…`; with `base-…` against others. */
export function Profiles() {
  const { query } = useRoute();
  useTitle("Profiles");
  const tasks = query.getAll("task");
  const files = query.getAll("file");
  const service = query.get("service");
  if (tasks.length + files.length === 0 && !service) {
    return <p class="quiet">No profile is selected. Choose tasks on the page of a <Link to="/">service</Link>.</p>;
  }
  return (
    <>
      <h1>
        <Link to="/">Services</Link> / {service}
        {[...tasks.map(id => "/tasks/" + id), ...files.map(id => "/files/" + id)].map((to, i) => (
          <span key={to}>{i > 0 && " + "}<Link to={to}>{to.slice(to.lastIndexOf("/") + 1)}</Link></span>
        ))}
      </h1>
      <Explore path="/profiles" version={["profiles", ...tasks, ...files, service].join(" ")} service={service ?? undefined} instances={[]} />
    </>
  );
}
