import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./kit/dialog";
import { Icon } from "./kit/icon";

const KEYS: [string, [string, string][]][] = [
  ["Anywhere", [["/", "Search"], ["f", "Full screen"], ["?", "This list"], ["Esc", "Close, or clear"]]],
  ["Flame graph", [
    ["↑ ↓ ← →", "To the caller, the callee, the neighbours"], ["Enter", "Zoom to the frame"], ["Esc", "Zoom out"], ["i", "Details of the frame"], ["m", "Menu of the frame"],
    ["n  N", "Next match, previous match"], ["w  s", "Zoom in, zoom out; also Ctrl and the wheel"], ["a  d", "Pan left, pan right; also drag, or Shift and the wheel"], ["o", "Show merged frames"], ["+", "Load frames that are too small to draw"],
  ]],
  ["Timeline", [["← →", "Make a slice, and move it"], ["Shift ← →", "Move its end"], ["Esc", "All of the time"]]],
];

const isText = (target: EventTarget | null) => target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);

/** The list of keys, and those keys that hold on every page. */
export function Keys() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
      if (event.key === "?") setOpen(true);
      else {
        // Elements say themselves which key is theirs.
        const element = [...document.querySelectorAll<HTMLElement>("[data-key]")].find(each => each.dataset.key === event.key && each.checkVisibility());
        if (!element) return;
        if (element.matches("input")) element.focus();
        else element.click();
      }
      event.preventDefault();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
  return (
    <>
      <button type="button" class="rail-item only-wide" aria-label="Keyboard help" title="Keys (?)" onClick={() => setOpen(true)}><Icon name="help" /></button>
      {open && (
        <Dialog title="Keys" onClose={() => setOpen(false)}>
          <div class="keys">
            {KEYS.map(([where, keys]) => (
              <section key={where}>
                <h3>{where}</h3>
                <dl>{keys.map(([press, effect]) => <div key={effect}><dt>{press.split("  ").map(each => <kbd key={each}>{each}</kbd>)}</dt><dd>{effect}</dd></div>)}</dl>
              </section>
            ))}
          </div>
        </Dialog>
      )}
    </>
  );
}
