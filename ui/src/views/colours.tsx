import { CHANGE_LEGEND, COLOURS, KIND_COLOURS, type ColourBy } from "../lib/colour";

/** Chooses what colours mean. */
export function Colours({ colours, compared, onColours }: {
  colours: ColourBy; compared: boolean; onColours: (colours: ColourBy) => void;
}) {
  return (
    <label>colours <select value={colours} onChange={event => onColours(event.currentTarget.value as ColourBy)}>
      {COLOURS.filter(each => compared || each !== "change").map(each => <option key={each}>{each}</option>)}
    </select></label>
  );
}

/** What they mean, where that is not the same for all of a package. */
export function Legend({ colours }: { colours: ColourBy }) {
  const meanings = colours === "kind" ? Object.entries(KIND_COLOURS) : colours === "change" ? CHANGE_LEGEND : [];
  if (meanings.length === 0) return null;
  return <p class="legend">{meanings.map(([meaning, colour]) => <span key={meaning}><i style={{ background: colour }} />{meaning}</span>)}</p>;
}
