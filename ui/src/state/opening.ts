// Files on their way to the server: dropped anywhere, chosen, or the demonstration. They go on while somebody looks at another page.

import { useEffect, useState } from "preact/hooks";
import { rest } from "../api/rest";
import { BASE } from "../api/base";
import { go } from "./route";

export interface Upload {
  id: number;
  name: string;
  bytes: number;
  sent: number;
  began: number;
  /** Why it did not work; absent while it may. */
  problem?: string;
  cancel: () => void;
}

let last = 0;
let uploads: Upload[] = [];
const listeners = new Set<(all: Upload[]) => void>();

function set(all: Upload[]): void {
  uploads = all;
  listeners.forEach(listener => listener(all));
}

const change = (id: number, part: Partial<Upload>) => set(uploads.map(each => (each.id === id ? { ...each, ...part } : each)));
const without = (id: number) => set(uploads.filter(each => each.id !== id));

export const dismiss = without;

async function send(file: Blob, name: string): Promise<string | null> {
  const id = ++last;
  const gone = new AbortController();
  set([...uploads.filter(each => !each.problem), { id, name, bytes: file.size, sent: 0, began: Date.now(), cancel: () => gone.abort() }]);
  try {
    const opened = await rest.open(file, name, sent => change(id, { sent }), gone.signal);
    without(id);
    return opened.id;
  } catch (e) {
    if (gone.signal.aborted) without(id);
    else change(id, { problem: (e as Error).message });
    return null;
  }
}

/** Opens all of them, one after the other; shows the only one, or the list of several. */
export async function openFiles(files: File[]): Promise<void> {
  const opened: string[] = [];
  for (const file of files) {
    const id = await send(file, file.name);
    if (id) opened.push(id);
  }
  if (opened.length === 1 && files.length === 1) go("/files/" + opened[0]);
  else if (opened.length > 0) go("/open");
}

/** The recording that comes with the page, for those who have nothing running yet. */
export async function openDemo(): Promise<void> {
  const id = await send(await (await fetch(BASE + "/ui/demo.jfr.gz")).blob(), "demo.jfr.gz");
  if (id) go("/files/" + id);
}

export function useUploads(): Upload[] {
  const [all, show] = useState(uploads);
  useEffect(() => {
    show(uploads);
    listeners.add(show);
    return () => void listeners.delete(show);
  }, []);
  return all;
}
