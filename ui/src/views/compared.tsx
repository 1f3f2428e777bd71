import type { Facts } from "../lib/columns";
import { amount, cores, percent } from "../lib/format";
import { measureWord } from "../lib/words";

const WAYS = [["rate", "per second, adjusted for duration"], ["value", "plain values"], ["share", "shares of the whole"]];

const length = (seconds: number) => (seconds < 100 ? seconds.toFixed(1) : Math.round(seconds).toLocaleString("en")) + " s";

export interface SaidProps {
  facts: Facts;
  measure: string;
  unit: string;
  /** What is shown. */
  total: number;
  /** Whether the profiler's own samples are left out, and how to change that. */
  hidden: boolean;
  onHidden: (hidden: boolean) => void;
  /** The same of threads that only waited; absent where the measure knows none. */
  idle?: { hidden: boolean; onHidden: (hidden: boolean) => void };
  /** Changes how they are compared; null where there is nobody to ask. */
  choose: ((compare: string) => void) | null;
}

/** What people must know to understand the numbers: above them. */
export function Notices({ facts, measure, choose }: SaidProps) {
  const { compare, seconds, baselineSeconds, lacking, baselineLacking } = facts;
  return (
    <>
      {facts.warnings?.map(warning => <p key={warning} class="notice warning" role="status" data-testid="warning">{warning}</p>)}
      {compare && (
        <p class="notice" data-testid="compared">
          <span>{`${WORDS[compare]}${seconds !== undefined && baselineSeconds !== undefined
            ? `: ${length(seconds)} recorded now, ${length(baselineSeconds)} before.${compare === "rate" ? ` Values before are multiplied by ${(seconds / baselineSeconds).toPrecision(3)}.` : ""}`
            : compare === "share" ? ": the length of a recording is not known." : "."}`}</span>
          {choose && (
            <label>Compare by <select aria-label="compare values" value={compare} onChange={event => choose(event.currentTarget.value)}>
              {WAYS.filter(([word]) => word !== "rate" || seconds !== undefined).map(([word, text]) => <option key={word} value={word}>{text}</option>)}
            </select></label>
          )}
        </p>
      )}
      <Lacking instances={lacking} measure={measure} of="" />
      <Lacking instances={baselineLacking} measure={measure} of=" of the baseline" />
    </>
  );
}

/** How much it is, and what of it is hidden: in the line below. */
export function Sums({ facts, measure, unit, total, hidden, onHidden, idle }: SaidProps) {
  const { overhead } = facts;
  const used = cores(measure, unit, total, facts.lengthNanos, facts.coreNanos);
  const told = [amount(total, unit), unit === "samples" || facts.samples === undefined ? "" : facts.samples.toLocaleString("en") + " samples", used].filter(Boolean);
  return (
    <span class="sums">
      <span data-testid="sum">{`${measureWord(measure)}: ${told.join(", ")}`}</span>
      {overhead !== undefined && overhead > 0 && (
        <span data-testid="overhead">
          {`Profiler overhead: ${amount(overhead, unit)}, ${percent(overhead, hidden ? total + overhead : total)}, ${hidden ? "hidden." : "in a group of its own."} `}
          <button type="button" class="link" onClick={() => onHidden(!hidden)}>{hidden ? "Show" : "Hide"}</button>
        </span>
      )}
      {idle && (
        <span data-testid="idle" title="Threads that waited in every sample of their recording">
          {`Idle threads: ${idle.hidden ? "hidden." : "shown."} `}
          <button type="button" class="link" onClick={() => idle.onHidden(!idle.hidden)}>{idle.hidden ? "Show" : "Hide"}</button>
        </span>
      )}
    </span>
  );
}

const WORDS = { rate: "Compared per second", value: "Compared as plain values", share: "Compared as shares of the whole" };

function Lacking({ instances, measure, of }: { instances?: string[]; measure: string; of: string }) {
  if (!instances?.length) return null;
  const more = instances.length - NAMED;
  return (
    <p class="notice warning" role="status" data-testid="lacking">
      {`${instances.length} instance${instances.length === 1 ? "" : "s"}${of} did not record ${measure}. The numbers do not include ${instances.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`}
    </p>
  );
}

const NAMED = 8;
