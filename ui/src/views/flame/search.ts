import { useEffect, useState } from "preact/hooks";
import { percent } from "../../lib/format";
import type { Names } from "../../lib/names";
import { matchedTotal, type Tree } from "../../lib/tree";

/** Which names match; null when the query is an expression that is none. */
export type Find = (names: Names, query: string) => Promise<Uint8Array | null>;

/** What matches, from a thread of its own: an expression may take long. */
export function useSearch(tree: Tree, query: string, find: Find): { matches: Uint8Array | null; matched: string } {
  const [found, setFound] = useState<{ tree: Tree; matches: Uint8Array | null; matched: string } | null>(null);
  useEffect(() => {
    if (!query) {
      setFound(null);
      return;
    }
    let gone = false;
    find(tree.names, query).then(
      matches => {
        if (gone) return;
        const matched = matches ? percent(matchedTotal(tree, matches), tree.total) + " matched" : "not a regular expression";
        setFound({ tree, matches, matched });
      },
      e => { if (!gone) setFound({ tree, matches: null, matched: (e as Error).message }); },
    );
    return () => { gone = true; };
  }, [tree, query]);
  return found?.tree === tree ? found : { matches: null, matched: "" };
}
