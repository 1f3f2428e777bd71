import type { Facts } from "../lib/columns";
import { amount, cores, percent } from "../lib/format";

const WAYS = [["rate", "per second"], ["value", "plain values"], ["share", "shares of the whole"]];

const length = (seconds: number) => (seconds < 100 ? seconds.toFixed(1) : Math.round(seconds).toLocaleString("en")) + " s";

/** How the two sides are compared and why, and whose numbers are missing. */
export function Said({ facts, measure, unit, total, choose, hidden, onHidden }: {
  facts: Facts; measure: string; unit: string;
  /** What is shown. */
  total: number;
  /** Whether the profiler's own samples are left out, and how to change that. */
  hidden: boolean;
  onHidden: (hidden: boolean) => void;
  /** Changes how they are compared; null where there is nobody to ask. */
  choose: ((compare: string) => void) | null;
}) {
  const { compare, seconds, baselineSeconds, lacking, baselineLacking, overhead } = facts;
  const used = cores(measure, unit, total, facts.lengthNanos, facts.coreNanos);
  const told = [amount(total, unit), unit === "samples" || facts.samples === undefined ? "" : facts.samples.toLocaleString("en") + " samples", used].filter(Boolean);
  return (
    <>
      {told.length > 1 && <p class="said" data-testid="sum">{`${measure}: ${told.join(", ")}`}</p>}
      {facts.warnings?.map(warning => <p key={warning} class="warning" role="status" data-testid="warning">{warning}</p>)}
      {compare && (
        <p class="row said" data-testid="compared">
          <span>{`${WORDS[compare]}${seconds !== undefined && baselineSeconds !== undefined
            ? `: ${length(seconds)} recorded now, ${length(baselineSeconds)} before.${compare === "rate" ? ` Values before are multiplied by ${(seconds / baselineSeconds).toPrecision(3)}.` : ""}`
            : compare === "share" ? ": the length of a recording is not known." : "."}`}</span>
          {choose && (
            <label>Compare by: <select aria-label="compare values" value={compare} onChange={event => choose(event.currentTarget.value)}>
              {WAYS.filter(([word]) => word !== "rate" || seconds !== undefined).map(([word, text]) => <option key={word} value={word}>{text}</option>)}
            </select></label>
          )}
        </p>
      )}
      {overhead !== undefined && overhead > 0 && (
        <p class="row said" data-testid="overhead">
          <span>{`Profiler overhead: ${amount(overhead, unit)}, ${percent(overhead, hidden ? total + overhead : total)}, ${hidden ? "hidden." : "in a group of its own."}`}</span>
          <button type="button" onClick={() => onHidden(!hidden)}>{hidden ? "Show" : "Hide"}</button>
        </p>
      )}
      <Lacking instances={lacking} measure={measure} of="" />
      <Lacking instances={baselineLacking} measure={measure} of=" of the baseline" />
    </>
  );
}

const WORDS = { rate: "Compared per second", value: "Compared as plain values", share: "Compared as shares of the whole" };

function Lacking({ instances, measure, of }: { instances?: string[]; measure: string; of: string }) {
  if (!instances?.length) return null;
  const more = instances.length - NAMED;
  return (
    <p class="warning" role="status" data-testid="lacking">
      {`${instances.length} instance${instances.length === 1 ? "" : "s"}${of} did not record ${measure}. The numbers do not include ${instances.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`}
    </p>
  );
}

const NAMED = 8;
