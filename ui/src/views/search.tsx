import type { MutableRef } from "preact/hooks";
import type { FlameHandle } from "./flame/flame";
import { Icon } from "./kit/icon";

/** Searches in what is shown; `/` goes to it from anywhere on the page. */
export function SearchBox({ what, query, matched, handle, onQuery }: {
  /** Frames, or methods. */
  what: string;
  query: string;
  /** What was found; empty where nothing is counted. */
  matched: string;
  handle: MutableRef<FlameHandle | null> | null;
  onQuery: (query: string) => void;
}) {
  return (
    <span class="search" role="search">
      <Icon name="search" />
      <input type="search" placeholder={`Search ${what}`} aria-label={`search ${what}`} title="Text, or /expression/" data-key="/" value={query}
        onKeyDown={event => {
          if (event.key === "Enter") handle?.current?.step(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") onQuery("");
        }}
        onInput={event => onQuery(event.currentTarget.value)} />
      {query && matched && <span class="matched" data-testid="matched">{matched}</span>}
      {query && matched && handle && (
        <>
          <button type="button" class="quiet tiny" title="Previous match (N)" aria-label="previous match" onClick={() => handle.current?.step(-1)}><Icon name="left" /></button>
          <button type="button" class="quiet tiny" title="Next match (n)" aria-label="next match" onClick={() => handle.current?.step(1)}><Icon name="right" /></button>
        </>
      )}
    </span>
  );
}
