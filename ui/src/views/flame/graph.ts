import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { boxOf, foldChains, foldedInto } from "../../lib/chains";
import { fromBaseline, graft, nodeOf, pathNames, placeInOrder, placeOf, type Tree } from "../../lib/tree";

const NONE: ReadonlySet<number> = new Set();

/** What of an answer is shown, and how that changes. */
export interface Graph {
  /** All of it, as the server sent it and with what was asked for since. */
  whole: Tree;
  /** The same with runs folded: what is drawn. */
  tree: Tree;
  /** The node that fills the width. */
  zoom: number;
  zoomTo: (node: number) => void;
  /** The node that is pointed at, or -1. */
  focus: number;
  setFocus: (node: number) => void;
  /** Whether a box stands for a run of frames, or stood for one until somebody opened it. */
  isRun: (node: number) => boolean;
  isOpen: (node: number) => boolean;
  /** Opens the run that is folded into a box, or folds it again. */
  toggle: (node: number) => void;
  /** Asks for what the node budget cut below a node. */
  expand: (node: number) => void;
  /** Why that failed; empty when it did not. */
  problem: string;
}

export function useGraph({ answer, place, onPlace, folded, ordered, ofBaseline, below, onReplaced }: {
  answer: Tree;
  place: string | null;
  onPlace: (place: string | null) => void;
  folded: boolean;
  ordered: boolean;
  ofBaseline: boolean;
  below: ((path: string[]) => Promise<Tree>) | null;
  /** There is another tree: what points into the one before is of no use. */
  onReplaced: () => void;
}): Graph {
  const [own, setOwn] = useState(answer);
  const whole = useMemo(() => (ofBaseline ? fromBaseline(own) : own), [own, ofBaseline]);
  /** What was opened although runs are folded. */
  const [opened, setOpened] = useState<ReadonlySet<number>>(NONE);
  const tree = useMemo(() => (folded ? foldChains(whole, opened) : whole), [whole, folded, opened]);
  const [pointed, setFocus] = useState(-1);
  const focus = pointed < 0 ? -1 : boxOf(tree, pointed);
  const [problem, setProblem] = useState("");

  // The node of a place is looked for only when it comes from the address.
  const last = useRef<{ whole: Tree; place: string | null; node: number }>();
  const zoom = useMemo(
    () => boxOf(tree, last.current?.whole === whole && last.current.place === place ? last.current.node : nodeOf(tree, place)),
    [tree, place]);
  function zoomTo(node: number) {
    last.current = { whole, place: ordered ? placeInOrder(node) : placeOf(tree, node), node };
    onPlace(last.current.place);
  }

  /** Another tree in place of this one, the keyboard staying where it is. */
  function replace(next: Tree) {
    setFocus(focus > 0 ? nodeOf(next, placeOf(tree, focus)) || -1 : -1);
    setOpened(NONE);
    setOwn(next);
    onReplaced();
  }
  useEffect(() => {
    if (answer !== own) replace(answer);
  }, [answer]);
  const current = useRef(own);
  current.current = own;

  function expand(node: number) {
    setProblem("");
    below?.(pathNames(tree, node)).then(
      more => current.current === own && replace(graft(own, node, more)),
      e => setProblem((e as Error).message),
    );
  }

  function toggle(node: number) {
    const next = new Set(opened);
    if (!next.delete(node)) next.add(node);
    setOpened(next);
  }

  const isOpen = (node: number) => opened.has(node);
  const isRun = (node: number) => folded && (isOpen(node) || foldedInto(tree, node) > 0);
  return { whole, tree, zoom, zoomTo, focus, setFocus, isRun, isOpen, toggle, expand, problem };
}
