import { rest } from "../api/rest";
import { ask, type Question } from "../lib/question";
import { useLoaded } from "../state/load";
import { show } from "../state/route";

/** More are not read. */
const SHOWN = 4;

/** What stands out in the measure, in sentences that lead to it; docs/reference/findings.md has the rules. */
export function Standing({ asked, version }: { asked: Question; version: string }) {
  // How frames are put together says nothing of what stands out.
  const own = ask({ path: asked.path, words: asked.words.filter(([word]) => !word.startsWith("base-") && !["detail", "by", "overhead", "idle"].includes(word)) }, {});
  const findings = useLoaded(["findings", version, ...own.words.map(String)].join(" "), () => rest.findings(own));
  const all = findings.value?.findings;
  return (
    <div class="standing" data-testid="standing" aria-busy={findings.busy}>
      <span class="quiet">What stands out</span>
      {findings.problem && <span class="quiet">{findings.problem}</span>}
      {all?.length === 0 && <span class="quiet">Nothing, by the rules.</span>}
      {all?.slice(0, SHOWN).map(each => Object.keys(each.words).length > 0
        ? <button key={each.rule} type="button" class="finding" title={each.text} onClick={() => show(each.words)}>{each.text}</button>
        : <span key={each.rule} class="finding plain" title={each.text}>{each.text}</span>)}
    </div>
  );
}
