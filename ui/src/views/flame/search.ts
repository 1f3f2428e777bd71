import { useEffect, useState } from "preact/hooks";
import { percent } from "../../lib/format";
import type { Names } from "../../lib/names";
import { matchedCount, matchedTotal, type Tree } from "../../lib/tree";

/** Which names match; null when the query is an expression that is none. */
export type Find = (names: Names, query: string) => Promise<Uint8Array | null>;

/** What matches, from a thread of its own: an expression may take long. */
export function useSearch(tree: Tree, query: string, find: Find): { matches: Uint8Array | null; matched: string } {
  const [found, setFound] = useState<{ tree: Tree; matches: Uint8Array | null; matched: string } | null>(null);
  useEffect(() => {
    // An expression is one when its second slash is there; until then there is nothing to look for.
    if (!query || /^\/[^/]*$/.test(query)) {
      setFound(null);
      return;
    }
    let gone = false;
    find(tree.names, query).then(
      matches => { if (!gone) setFound({ tree, matches, matched: matches ? said(tree, matches) : "Not a regular expression" }); },
      e => { if (!gone) setFound({ tree, matches: null, matched: (e as Error).message }); },
    );
    return () => { gone = true; };
  }, [tree, query]);
  return found?.tree === tree ? found : { matches: null, matched: "" };
}

/** `No match`; `12 frames, 33.3 %`: boxes, and the share of the whole below them. */
function said(tree: Tree, matches: Uint8Array): string {
  const count = matchedCount(tree, matches);
  return count === 0 ? "No match" : `${count.toLocaleString("en")} ${count === 1 ? "frame" : "frames"}, ${percent(matchedTotal(tree, matches), tree.total)}`;
}
