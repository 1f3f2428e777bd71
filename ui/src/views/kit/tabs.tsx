import type { ComponentChildren } from "preact";

export interface Tab {
  word: string;
  text: ComponentChildren;
  /** A number beside the name, quieter. */
  note?: string;
  title?: string;
}

/** Tabs: one stop for the keyboard, arrows go from one to the next. */
export function Tabs({ tabs, chosen, label, onChoose }: { tabs: Tab[]; chosen: string; label: string; onChoose: (word: string) => void }) {
  const known = tabs.some(tab => tab.word === chosen);
  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || tabs.length === 0) return;
    event.preventDefault();
    const at = (tabs.findIndex(tab => tab.word === chosen) + step + tabs.length) % tabs.length;
    onChoose(tabs[at]!.word);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")[at]!.focus();
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={key}>
      {tabs.map((tab, i) => (
        <button key={tab.word} type="button" role="tab" title={tab.title} aria-selected={tab.word === chosen}
          tabIndex={tab.word === chosen || (!known && i === 0) ? 0 : -1} onClick={() => onChoose(tab.word)}>
          {tab.text}{tab.note && <> <span class="note">{tab.note}</span></>}
        </button>
      ))}
    </div>
  );
}

/** A choice of few: all in sight, one of them pressed. */
export function Segments({ choices, chosen, label, onChoose }: { choices: [string, string][]; chosen: string; label: string; onChoose: (word: string) => void }) {
  return (
    <span class="segments" role="group" aria-label={label}>
      {choices.map(([word, text]) => (
        <button key={word} type="button" value={word} aria-pressed={word === chosen} onClick={() => onChoose(word)}>{text}</button>
      ))}
    </span>
  );
}
