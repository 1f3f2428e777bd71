// All parts that pages are made of, in one place: for those who work on the page. Never shipped; the build leaves it in target/design.

import { render, type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { CATEGORIES } from "./lib/category";
import { categoryColour } from "./lib/colour";
import { startTheme, useDark } from "./state/theme";
import { Legend } from "./views/colours";
import { Head } from "./views/head";
import { Dialog } from "./views/kit/dialog";
import { Icon, Lamp } from "./views/kit/icon";
import { Item, Popover } from "./views/kit/popover";
import { Segments, Tabs } from "./views/kit/tabs";
import { toast, Toasts } from "./views/kit/toast";
import { Skeleton, Waiting } from "./views/kit/wait";
import { Rows } from "./views/rows";
import { ThemeChoice } from "./views/theme";

const COLOURS = [
  "ground", "sunken", "raised", "hover", "text", "quiet", "line", "line-strong", "amber", "on-amber", "amber-ground", "selected", "focus", "good", "bad", "bad-ground", "busy",
  "warn", "bar", "heat", "series-cpu", "series-heap",
];
const SIZES = ["t28", "t20", "t14", "t13", "t12"];
const SPACES = [4, 8, 16, 24, 32, 64];

const Part = ({ title, children }: { title: string; children: ComponentChildren }) => <section><h2>{title}</h2>{children}</section>;

function Buttons() {
  return (
    <>
      {["primary", "secondary", "quiet"].map(rank => (
        <p key={rank} class="row">
          <button type="button" class={rank}>{rank}</button>
          <button type="button" class={rank}><Icon name="play" />With an icon</button>
          <button type="button" class={rank} disabled>Disabled</button>
          <button type="button" class={rank + " small"}>Small</button>
          <button type="button" class={rank + " square"} aria-label="more"><Icon name="more" /></button>
          {rank !== "primary" && <button type="button" class={rank + " on"}>On</button>}
          {rank === "primary" && <button type="button" class="primary danger">Delete</button>}
        </p>
      ))}
      <p class="row"><button type="button" class="link">A link</button><input placeholder="Text" aria-label="text" /><input type="number" value="30" aria-label="number" />
        <select aria-label="choice"><option>Choice</option></select><label class="check"><input type="checkbox" checked /> Checked</label></p>
    </>
  );
}

const ROWS: [string, number][] = [["com.shop.Pricing.discount", 12.4], ["java.util.HashMap.get", 3.1], ["com.shop.Checkout.pay", 0.6]];

function Design() {
  const dark = useDark();
  const [tab, setTab] = useState("one");
  const [segment, setSegment] = useState("line");
  const [open, setOpen] = useState(false);
  return (
    <div class="content">
      <main class="page">
        <Head title="Design" meta={<span class="quiet">tokens and parts, {dark ? "dark" : "light"}</span>}><ThemeChoice /></Head>
        <Part title="Mark"><p class="row"><Lamp size={24} /><Lamp size={56} /><Lamp size={72} /></p></Part>
        <Part title="Colours">
          <div class="swatches">{COLOURS.map(name => <span key={name}><i style={{ background: `var(--${name})` }} /><code>{name}</code></span>)}</div>
        </Part>
        <Part title="Categories of frames">
          <div class="swatches">{CATEGORIES.map(([category, text]) => <span key={category}><i style={{ background: categoryColour(category, dark), color: "var(--frame-text)" }}>Aa</i>{text}</span>)}</div>
          <p><Legend colours="package" /></p><p><Legend colours="change" compared /></p>
        </Part>
        <Part title="Type">{SIZES.map(size => <p key={size} style={{ font: `var(--${size})` }}>{size}: See what your JVMs spend their time on, 12.4 s</p>)}<p class="mono">mono: com.shop.Pricing.discount</p></Part>
        <Part title="Space"><p class="row">{SPACES.map(space => <span key={space} class="space" style={{ width: space + "px" }} title={space + " px"} />)}</p></Part>
        <Part title="Buttons in three ranks, fields"><Buttons /></Part>
        <Part title="Tabs and segments">
          <Tabs label="tabs" chosen={tab} onChoose={setTab} tabs={[{ word: "one", text: "CPU", note: "12.4 s, 1.3 of 2 cores" }, { word: "two", text: "Allocated", note: "1.9 GB" }, { word: "three", text: "Waiting for locks", note: "10.6 s" }]} />
          <p><Segments label="segments" chosen={segment} onChoose={setSegment} choices={[["line", "Line"], ["method", "Method"], ["class", "Class"]]} /></p>
        </Part>
        <Part title="Popovers, dialogs, toasts">
          <p class="row">
            <Popover text="Popover" icon="down" style="secondary">{close => <><h3>Group</h3><Item text="An item" note="its note" onClick={close} /><Item text="A chosen one" chosen onClick={close} /><Item text="Delete" danger onClick={close} /></>}</Popover>
            <button type="button" class="secondary" onClick={() => setOpen(true)}>Dialog</button>
            <button type="button" class="secondary" onClick={() => toast("Link copied")}>Toast</button>
            <button type="button" class="secondary" onClick={() => toast("The browser does not allow copying.", true)}>Bad toast</button>
          </p>
          <div class="still"><div class="toast">Link copied</div> <div class="toast bad">The browser does not allow copying.</div></div>
          {open && <Dialog title="Delete this task?" onClose={() => setOpen(false)}><p>Its recordings are deleted from the server. This cannot be undone.</p><div class="dialog-actions"><button type="button" class="secondary">Cancel</button><button type="button" class="primary danger">Delete</button></div></Dialog>}
        </Part>
        <Part title="Chips, states, progress">
          <p class="row"><span class="chip"><span class="chip-text">Threads: http-*</span><button type="button" class="chip-close" aria-label="remove"><Icon name="close" /></button></span>
            <span class="chip base"><span class="chip-text">Baseline: Before the cache</span><button type="button" class="chip-close" aria-label="remove"><Icon name="close" /></button></span>
            <span class="state-READY">2 of 2 ready</span><span class="state-RUNNING">1 of 2 running</span><span class="state-FAILED">Failed</span>
            <progress max={10} value={4} aria-label="progress" /><progress aria-label="waiting" /></p>
        </Part>
        <Part title="Notices"><p class="notice">Compared per second: 10.0 s recorded now, 3.0 s before.</p><p class="notice warning">1 instance did not record cpu.</p><p class="problem">The server cannot be reached.</p></Part>
        <Part title="Table">
          <Rows rows={ROWS} label="methods" testId="rows" columns={[{ title: "Self", number: true, sort: "self", text: ([, value]) => value.toFixed(1) + " %" }, { title: "Method", text: ([name]) => name }]} sort="self" onSort={() => {}} />
        </Part>
        <Part title="Waiting"><Skeleton height={48} /><Waiting busy><p>What is here stays, dimmed, until the new has come.</p></Waiting></Part>
      </main>
      <Toasts />
    </div>
  );
}

startTheme();
render(<Design />, document.getElementById("app")!);
