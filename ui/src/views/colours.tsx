import { isChange, legend, type ColourBy } from "../lib/colour";
import { kindWord } from "../lib/words";
import { useDark } from "../state/theme";

/** What the colours of a flame graph mean. */
export function Legend({ colours, compared = false }: { colours: ColourBy; compared?: boolean }) {
  const dark = useDark();
  const by = isChange(colours) && !compared ? "package" : colours;
  return (
    <span class="legend" data-testid="legend">
      {isChange(by) && <span>{by === "change" ? "Change as a share of the whole profile" : "Change as a share of the frame itself"}</span>}
      {legend(by, dark).map(([meaning, colour]) => <span key={meaning}><i style={{ background: colour }} />{kindWord(meaning)}</span>)}
      {isChange(by) && <span><i class="one-sided" />new or gone: on one side only</span>}
    </span>
  );
}
