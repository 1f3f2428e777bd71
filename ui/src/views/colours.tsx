import { kindWord } from "../lib/words";
import { CHANGE_LEGEND, COLOURS, isChange, KIND_COLOURS, type ColourBy } from "../lib/colour";

/** Chooses what colours mean. */
export function Colours({ colours, compared, onColours }: {
  colours: ColourBy; compared: boolean; onColours: (colours: ColourBy) => void;
}) {
  return (
    <label>Colours: <select value={colours} onChange={event => onColours(event.currentTarget.value as ColourBy)}>
      {COLOURS.filter(([each]) => compared || !isChange(each)).map(([each, text]) => <option key={each} value={each}>{text}</option>)}
    </select></label>
  );
}

/** What they mean, where that is not the same for all of a package. */
export function Legend({ colours, compared = false }: { colours: ColourBy; compared?: boolean }) {
  const meanings = colours === "kind" ? Object.entries(KIND_COLOURS) : isChange(colours) && compared ? CHANGE_LEGEND[colours as "change" | "own-change"] : [];
  if (meanings.length === 0) return null;
  return (
    <p class="legend" data-testid="legend">
      {isChange(colours) && <span>Colour: {colours === "change" ? "change as a share of the whole profile" : "change as a share of the frame itself"}</span>}
      {meanings.map(([meaning, colour]) => <span key={meaning}><i style={{ background: colour }} />{kindWord(meaning)}</span>)}
      {isChange(colours) && <span><i class="one-sided" />new or gone: on one side only</span>}
    </p>
  );
}
