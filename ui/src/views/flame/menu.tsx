import { useEffect, useRef } from "preact/hooks";
import { nameOf, pathNames, type Tree } from "../../lib/tree";
import { copy } from "../copy";

/** What may be done with a frame besides zooming. */
export interface FrameAction {
  label: string;
  run: (name: string) => void;
}

/** Where a frame's menu is open: its node, and a place in the viewport, in CSS pixels. */
export interface Opened {
  node: number;
  x: number;
  y: number;
}

export function Menu({ tree, menu, actions, onZoom, onClose }: {
  tree: Tree; menu: Opened; actions: FrameAction[]; onZoom: (node: number) => void; onClose: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current!.querySelector("button")!.focus(), [menu]);
  const name = nameOf(tree, menu.node);
  const stack = pathNames(tree, menu.node);
  const all: FrameAction[] = [
    { label: "Zoom", run: () => onZoom(menu.node) },
    ...actions,
    { label: "Copy name", run: () => void copy(name) },
    { label: "Copy stack", run: () => void copy(stack.reverse().join("\n")) },
  ];
  function key(event: KeyboardEvent) {
    const buttons = [...box.current!.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "Escape") onClose();
    else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]!.focus();
    else if (event.key === "ArrowUp") buttons[(at + buttons.length - 1) % buttons.length]!.focus();
    else return;
    event.preventDefault();
  }
  return (
    <div class="menu" role="menu" ref={box} aria-label={name} style={{ left: menu.x + "px", top: menu.y + "px" }} onKeyDown={key}>
      <div class="menu-title mono">{name}</div>
      {all.map(action => (
        <button key={action.label} type="button" role="menuitem" onClick={() => { onClose(); action.run(name); }}>{action.label}</button>
      ))}
    </div>
  );
}
