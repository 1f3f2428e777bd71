import { count } from "../lib/words";
import { useRoute } from "../state/route";
import { useTitle } from "../state/title";
import { Explore } from "./explore";
import { Link } from "./link";
import { Missing } from "./missing";
import { useName } from "./named";

/** Any profiles that the address selects: `task=A&task=B`, or `service=…&since=…&until=…`; with `base-…` against others. */
export function Profiles() {
  const { query } = useRoute();
  const tasks = query.getAll("task");
  const files = query.getAll("file");
  const service = query.get("service");
  if (tasks.length + files.length === 0 && !service) return <Missing title="No profile is selected">Choose tasks on the page of a service.</Missing>;
  return <Merged tasks={tasks} files={files} service={service} />;
}

function Part({ to }: { to: string }) {
  const [, kind, id] = to.split("/");
  return <Link to={to}>{useName(kind === "files" ? "file" : "task", id!)}</Link>;
}

function Merged({ tasks, files, service }: { tasks: string[]; files: string[]; service: string | null }) {
  const what = [tasks.length > 0 && count(tasks.length, "task"), files.length > 0 && count(files.length, "file")].filter(Boolean).join(" and ");
  const title = what ? what + " merged" : "All profiles";
  useTitle(service ? `${service} · ${title}` : title);
  const parts = [...tasks.map(id => "/tasks/" + id), ...files.map(id => "/files/" + id)];
  return (
    <Explore
      about={{
        crumbs: service ? <Link to={"/services/" + encodeURIComponent(service)}>{service}</Link> : <Link to="/">Services</Link>, title,
        meta: <span class="parts">{parts.map((to, i) => <span key={to}>{i > 0 && " + "}<Part to={to} /></span>)}</span>,
      }}
      path="/profiles" version={["profiles", ...tasks, ...files, service].join(" ")} service={service ?? undefined} instances={[]} />
  );
}
