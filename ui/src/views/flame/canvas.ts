import { useEffect, useRef, type MutableRef } from "preact/hooks";
import type { View } from "../../draw/boxes";
import { FlameCanvas } from "../../draw/flame";
import { Minimap } from "../../draw/minimap";

/** The elements of a flame graph, and what draws on them; all are there after the first effect. */
export interface Drawn {
  viewport: MutableRef<HTMLDivElement | null>;
  canvas: MutableRef<HTMLCanvasElement | null>;
  map: MutableRef<HTMLCanvasElement | null>;
  flame: MutableRef<FlameCanvas | null>;
  minimap: MutableRef<Minimap | null>;
}

/** Draws a view on the elements that it returns references for, again whenever it, their size or the paper changes. */
export function useFlameCanvas({ tree, zoom, focus, matches, colours, upward, dark, window }: View): Drawn {
  const viewport = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const flame = useRef<FlameCanvas | null>(null);
  const minimap = useRef<Minimap | null>(null);

  useEffect(() => {
    minimap.current = new Minimap(map.current!, viewport.current!);
    const drawn = new FlameCanvas(canvas.current!, viewport.current!, minimap.current);
    flame.current = drawn;
    const resized = new ResizeObserver(() => drawn.redraw());
    resized.observe(viewport.current!);
    // Paper has no scroll bar: all that fits a canvas is on it.
    const toPaper = () => drawn.unrolled(true);
    const toScreen = () => drawn.unrolled(false);
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", toScreen);
    return () => {
      resized.disconnect();
      removeEventListener("beforeprint", toPaper);
      removeEventListener("afterprint", toScreen);
      drawn.dispose();
    };
  }, []);
  useEffect(() => flame.current?.show({ tree, zoom, focus, matches, colours, upward, dark, window }), [tree, zoom, focus, matches, colours, upward, dark, window]);
  // What is read first is the root, wherever it is.
  useEffect(() => {
    flame.current!.draw(); // the canvas takes its place, without which there is nothing to scroll
    viewport.current!.scrollTop = upward ? viewport.current!.scrollHeight : 0;
  }, [upward]);
  return { viewport, canvas, map, flame, minimap };
}
