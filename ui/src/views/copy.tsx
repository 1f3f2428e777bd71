import { useEffect, useState } from "preact/hooks";
import { toast } from "./kit/toast";

const TOLD_MILLIS = 1500;

/** Onto the clipboard, also where browsers allow that only in the old way: pages without TLS that are not of this machine. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const box = document.createElement("textarea");
  box.value = text;
  box.style.position = "fixed";
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

/** A button that copies and says so. */
export function Copy({ text, label = "Copy" }: { text: () => string; label?: string }) {
  const [told, setTold] = useState("");
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => setTold(""), TOLD_MILLIS);
    return () => clearTimeout(timer);
  }, [told]);
  return <button type="button" class="secondary small" onClick={() => void copy(text()).then(() => setTold("Copied"), () => toast("The browser does not allow copying.", true))}>{told || label}</button>;
}
