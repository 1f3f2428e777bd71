import { useState } from "preact/hooks";
import { clock } from "../lib/format";
import type { Range } from "../lib/timeline";
import { OFFERED } from "../lib/vocabulary";
import { show, useRoute } from "../state/route";
import { Icon } from "./kit/icon";
import { Popover } from "./kit/popover";
import { useName } from "./named";

/** A button that adds a filter. */
export function AddFilter() {
  return (
    <Popover icon="filter" text="Filter" label="Add a filter" name="form-panel sheet">
      {close => <Form close={close} />}
    </Popover>
  );
}

function Form({ close }: { close: () => void }) {
  const [word, setWord] = useState(OFFERED[0]!.word);
  const [text, setText] = useState("");
  const hint = OFFERED.find(filter => filter.word === word)!.hint;
  return (
    <form class="filter-form" onSubmit={event => {
      event.preventDefault();
      close();
      if (text.trim()) show({ [word]: text.trim() });
    }}>
      <select aria-label="filter" value={word} onChange={event => setWord(event.currentTarget.value)}>
        {OFFERED.map(filter => <option key={filter.word} value={filter.word}>{filter.label}</option>)}
      </select>
      <input aria-label="pattern of the filter" placeholder={hint} value={text} onInput={event => setText(event.currentTarget.value)} />
      <button type="submit" class="primary">Add filter</button>
    </form>
  );
}

function Chip({ text, kind, onClear }: { text: string; kind?: string; onClear: () => void }) {
  return (
    <span class={`chip ${kind ?? ""}`} title={text}>
      <span class="chip-text">{text}</span>
      <button type="button" class="chip-close" aria-label={`remove ${text}`} onClick={onClear}><Icon name="close" /></button>
    </span>
  );
}

/** What the profile is compared with, as people call it. */
function Baseline({ kind, id }: { kind: string; id: string }) {
  return <Chip kind="base" text={`Baseline: ${useName(kind, id)}`} onClear={() => show({ ["base-" + kind]: null })} />;
}

/** What narrows the profile, each to be taken away; nothing where nothing does. */
export function Chips({ chosen, baseline }: { chosen: Range | null; baseline: Range | null }) {
  const { query } = useRoute();
  const set = OFFERED.filter(filter => query.has(filter.word));
  const against = ["task", "file", "instance"].filter(kind => query.has("base-" + kind));
  const own = query.get("own") === "true";
  const count = set.length + against.length + Number(!!chosen) + Number(!!baseline) + Number(own);
  if (count === 0) return null;
  const gone = Object.fromEntries([...set.map(each => each.word), ...against.map(kind => "base-" + kind), "from", "to", "base-from", "base-to", "own"].map(word => [word, null]));
  return (
    <div class="chips filters">
      {chosen && <Chip text={`${clock(chosen.from)} to ${clock(chosen.to)}`} onClear={() => show({ from: null, to: null })} />}
      {set.map(filter => <Chip key={filter.word} text={`${filter.label}: ${query.get(filter.word)}`} onClear={() => show({ [filter.word]: null })} />)}
      {own && <Chip text="Only my code" onClear={() => show({ own: null })} />}
      {baseline && <Chip kind="base" text={`Baseline: ${clock(baseline.from)} to ${clock(baseline.to)}`} onClear={() => show({ "base-from": null, "base-to": null })} />}
      {against.map(kind => <Baseline key={kind} kind={kind} id={query.get("base-" + kind)!} />)}
      {count > 1 && <button type="button" class="link" onClick={() => show(gone)}>Clear all</button>}
    </div>
  );
}
