import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { nameOf, pathNames, type Tree } from "../../lib/tree";
import { copy } from "../copy";
import { keepInside } from "../kit/popover";
import { toast } from "../kit/toast";

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
  useLayoutEffect(() => keepInside(box.current!), [menu]);
  useEffect(() => {
    box.current!.querySelector("button")!.focus({ preventScroll: true });
    const elsewhere = (event: Event) => { if (!box.current?.contains(event.target as Node)) onClose(); };
    addEventListener("pointerdown", elsewhere);
    return () => removeEventListener("pointerdown", elsewhere);
  }, [menu]);
  const name = nameOf(tree, menu.node);
  const stack = pathNames(tree, menu.node);
  const copied = (text: string, what: string) => void copy(text).then(() => toast(what + " copied"), () => toast("The browser does not allow copying.", true));
  const all: FrameAction[] = [
    { label: "Zoom", run: () => onZoom(menu.node) },
    ...actions,
    { label: "Copy name", run: () => copied(name, "Name") },
    { label: "Copy stack", run: () => copied(stack.reverse().join("\n"), "Stack") },
  ];
  function key(event: KeyboardEvent) {
    const buttons = [...box.current!.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "Escape") onClose();
    else if (event.key === "ArrowDown") buttons[(at + 1) % buttons.length]!.focus();
    else if (event.key === "ArrowUp") buttons[(at + buttons.length - 1) % buttons.length]!.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div class="menu" role="menu" ref={box} aria-label={name} style={{ left: menu.x + "px", top: menu.y + "px" }} onKeyDown={key}>
      <div class="menu-title mono" title={name}>{name}</div>
      {all.map(action => (
        <button key={action.label} type="button" class="item" role="menuitem" onClick={() => { onClose(); action.run(name); }}>{action.label}</button>
      ))}
    </div>
  );
}
