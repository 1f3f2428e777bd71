import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { rest, type Instance, type Task } from "../api/rest";
import { count } from "../lib/words";
import { useLoaded } from "../state/load";
import { useMay } from "../state/me";
import { openDemo } from "../state/opening";
import { go } from "../state/route";
import { HowToAttach } from "./attach";
import { Doc } from "./doc";
import { DropZone } from "./drop";
import { Icon, Lamp, type IconName } from "./kit/icon";
import { toast } from "./kit/toast";
import { Tasks } from "./tasks";

const PERIOD_MILLIS = 1000;
const SECONDS = 30;
/** Services and instances that are named; more are a number. */
const NAMED = 3;

interface Arrival {
  service: string;
  instance: Instance;
}

async function arrivals(): Promise<Arrival[]> {
  const services = (await rest.services()).filter(service => service.liveInstances > 0);
  const lists = await Promise.all(services.slice(0, NAMED).map(async ({ name }) =>
    (await rest.instances(name)).filter(each => each.live).map(instance => ({ service: name, instance }))));
  return lists.flat();
}

/**
 * The page before anything has connected: three steps to the first profile. It stays when an agent arrives, and says so.
 *
 * @param onDone leads to the list of services
 */
export function Welcome({ recent, onDone }: { recent: Task[]; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const arrived = useLoaded("arrivals", arrivals, PERIOD_MILLIS).value ?? [];
  const card = (icon: IconName, title: string, children: ComponentChildren) => <section class="card-box"><h2><Icon name={icon} />{title}</h2>{children}</section>;
  return (
    <div class="welcome">
      <div class="hero">
        <Lamp size={72} />
        <h1>See what your JVMs spend their time on</h1>
        <p class="quiet">CPU, allocations, locks and wall clock, of one JVM or a thousand, in one flame graph.</p>
      </div>
      <div class="cards">
        <section class="card-box">
          <h2><Icon name="attach" />Your first profile</h2>
          <ol class="steps">
            <Step number={1} title="Bring the agent into a JVM" done={arrived.length > 0}><HowToAttach /></Step>
            <Step number={2} title="The agent connects" done={arrived.length > 0}><Connected arrived={arrived} /></Step>
            <Step number={3} title="Profile it"><Start arrived={arrived} onDone={onDone} /></Step>
          </ol>
        </section>
        <div class="card-column">
          {card("file", "Open a recording", <DropZone />)}
          {card("play", "Try the demo", (
            <>
              <p class="quiet">Ten seconds of a small shop, recorded with this profiler. Nothing to install.</p>
              <button type="button" class="secondary" disabled={busy} onClick={() => { setBusy(true); void openDemo().finally(() => setBusy(false)); }}><Icon name="play" />Open the demo</button>
            </>
          ))}
        </div>
      </div>
      {recent.length > 0 && <><h2>Recent profiles</h2><Tasks tasks={recent} testId="recent" /></>}
    </div>
  );
}

function Step({ number, title, done, children }: { number: number; title: string; done?: boolean; children: ComponentChildren }) {
  return (
    <li class={done ? "step done" : "step"} data-testid={`step-${number}`}>
      <span class="step-mark" aria-hidden="true">{done ? <Icon name="check" /> : number}</span>
      <div class="step-body"><h3>{title}{done && <span class="hidden"> (done)</span>}</h3>{children}</div>
    </li>
  );
}

function Connected({ arrived }: { arrived: Arrival[] }) {
  return (
    <div role="status" data-testid="arrivals">
      {arrived.length === 0 && <p><i class="dot pulse" /> Waiting for the first JVM. It appears here within seconds. <Doc to="how-to/when-something-is-wrong.html#an-instance-is-missing">Nothing appears?</Doc></p>}
      {arrived.slice(0, NAMED).map(({ service, instance }) => (
        <p key={service + " " + instance.name}><i class="dot on" /> <b>{instance.name}</b> of <b>{service}</b> is connected
          {instance.properties.java && <span class="quiet">, Java {instance.properties.java}</span>}.</p>
      ))}
      {arrived.length > NAMED && <p class="quiet">And {count(arrived.length - NAMED, "more instance")}.</p>}
    </div>
  );
}

function Start({ arrived, onDone }: { arrived: Arrival[]; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const may = useMay();
  const able = arrived.find(({ service, instance }) => !instance.unable && may("profiler", service));
  const unable = arrived.find(({ instance }) => instance.unable);
  function profile(service: string) {
    setBusy(true);
    rest.create({ service, instances: "all", durationSeconds: SECONDS, events: ["cpu"], options: {} }).then(
      task => go("/tasks/" + task.id),
      e => { setBusy(false); toast((e as Error).message, true); });
  }
  const label = able ? `Profile ${able.service} for ${SECONDS} s` : `Profile for ${SECONDS} s`;
  return (
    <>
      <div class="row">
        <button type="button" class="primary" disabled={busy || !able} onClick={() => able && profile(able.service)}><Icon name="play" />{label}</button>
        {able && <button type="button" class="secondary" onClick={() => go("/services/" + encodeURIComponent(able.service))}>Choose events and duration</button>}
        {arrived.length > 0 && <button type="button" class="quiet" onClick={onDone}>All services</button>}
      </div>
      {!able && unable && <p class="problem">{unable.instance.name} cannot be profiled: {unable.instance.unable} <Doc to="how-to/when-something-is-wrong.html#an-instance-cannot-be-profiled">What to do</Doc></p>}
      {!able && !unable && arrived.length > 0 && <p class="quiet">Starting a profile needs the role profiler.</p>}
      <p class="quiet">Records its CPU time. The flame graph comes up seconds after the end.</p>
    </>
  );
}
