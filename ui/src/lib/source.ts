// Where the source of a frame is, by the template of the setting page.source-link.

import { categoryOf } from "./category";

/** Classes and their methods: of a nested or hidden class the outermost, whose file it is in. */
const METHOD = /^((?:[\p{L}_$][\p{L}\p{N}_$]*\.)*)([\p{L}_][\p{L}\p{N}_]*)(?:\$[\p{L}\p{N}_$]*)?(?:[/.](?:0x)?[0-9a-f]+)?\.([\p{L}_$][\p{L}\p{N}_$]*|<init>|<clinit>)(?::(\d+))?$/u;
const ADDRESS = /^https?:\/\/[^\s"'<>\\^`{|}]+$/;

/**
 * The address of a frame's source; null where the template is empty, the frame is no code of the application, or what comes out is no
 * address of the web.
 */
export function sourceOf(template: string, name: string, kind: string): string | null {
  const parts = template && categoryOf(name, kind) === "application" ? METHOD.exec(name) : null;
  if (!parts) return null;
  const [, packages, type, method, line] = parts;
  const path = [...packages!.split(".").filter(Boolean), type!];
  // Without a line the file alone is shown, not a line of it that is not meant.
  const shape = line ? template : template.replace(/#[^#]*\{line\}[^#]*$/, "").replaceAll("{line}", "1");
  const text = shape
    .replaceAll("{class-as-path}", path.map(encodeURIComponent).join("/"))
    .replaceAll("{class}", encodeURIComponent(path.join(".")))
    .replaceAll("{method}", encodeURIComponent(method!))
    .replaceAll("{line}", line ?? "1");
  return ADDRESS.test(text) ? text : null;
}
