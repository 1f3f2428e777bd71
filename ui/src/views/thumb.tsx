import { useEffect, useRef } from "preact/hooks";
import { rest } from "../api/rest";
import { boxes } from "../draw/boxes";
import { fitCanvas } from "../draw/units";
import { rowCount } from "../lib/tree";
import { inTurns } from "../lib/turns";
import { useLoaded } from "../state/load";
import { useDark } from "../state/theme";

const WIDTH = 160;
const HEIGHT = 36;
const ROW = 4;
/** As many as are seen at this size. */
const NODES = "400";
/** One per service of a fleet: a server computes few views at a time for one person. */
const turn = inTurns(6);

/** A flame graph of a task, small. */
export function Thumb({ task }: { task: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  const tree = useLoaded("thumbnail " + task, () => turn(() => rest.flame({ path: "/tasks/" + task, words: [["nodes", NODES], ["overhead", "hide"]] }))).value;
  useEffect(() => {
    if (!tree) return;
    const ratio = fitCanvas(canvas.current!, WIDTH, HEIGHT);
    const g = canvas.current!.getContext("2d")!;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, WIDTH, HEIGHT);
    // The first row is the whole, the same everywhere.
    const shown = Math.floor(HEIGHT / ROW);
    const first = 1;
    boxes({ tree, zoom: 0, focus: -1, matches: null, colours: "package", upward: false, dark }, WIDTH, first, Math.min(rowCount(tree), first + shown - 1), box => {
      if (box.kind === "rest") return;
      g.fillStyle = box.colour;
      g.fillRect(box.x, (box.row - first) * ROW, box.width, ROW - 0.7);
    });
  }, [tree, dark]);
  return <canvas ref={canvas} class="thumb" style={{ width: WIDTH + "px", height: HEIGHT + "px" }} aria-hidden="true" />;
}
