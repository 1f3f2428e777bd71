// Names of frames: one text and where each ends. A hundred thousand strings would cost more than all else of a tree.

export interface Names {
  text: string;
  /** In UTF-16 units; a name begins where the one before it ends. */
  ends: Int32Array;
}

export const nameAt = (names: Names, index: number) => names.text.slice(index === 0 ? 0 : names.ends[index - 1], names.ends[index]);

export function joined(first: Names, second: Names): Names {
  const ends = new Int32Array(first.ends.length + second.ends.length);
  ends.set(first.ends);
  second.ends.forEach((end, i) => (ends[first.ends.length + i] = first.text.length + end));
  return { text: first.text + second.text, ends };
}

/** 1 for each name that matches; text is found anywhere and in any case, `/…/` is a regular expression. Null: the expression is wrong. */
export function matching(names: Names, query: string): Uint8Array | null {
  const found = new Uint8Array(names.ends.length);
  const expression = /^\/(.+)\/$/.exec(query);
  if (expression) {
    let pattern: RegExp;
    try {
      pattern = new RegExp(expression[1]!, "i");
    } catch {
      return null;
    }
    for (let i = 0; i < found.length; i++) found[i] = pattern.test(nameAt(names, i)) ? 1 : 0;
    return found;
  }
  const wanted = query.toLowerCase();
  const text = names.text.toLowerCase();
  if (text.length !== names.text.length) {
    // A few letters are two in lower case: then the ends are elsewhere.
    for (let i = 0; i < found.length; i++) found[i] = nameAt(names, i).toLowerCase().includes(wanted) ? 1 : 0;
    return found;
  }
  let name = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    while (names.ends[name]! <= at) name++;
    if (at + wanted.length <= names.ends[name]!) {
      found[name] = 1;
      at = names.ends[name]! - 1;
    }
  }
  return found;
}

const JAVA_KINDS = ["interpreted", "jit", "inlined", "c1"];
/** Two names or more, of which one before the last looks like a class: upper case or a dollar. */
const LIKE_JAVA = /^(?:[\p{L}_$][\p{L}\p{N}_$]*\.)*(?:\p{Lu}[\p{L}\p{N}_$]*|[\p{L}\p{N}_]*\$[\p{L}\p{N}_$]*)\.(?:[\p{L}_$][\p{L}\p{N}_$]*|<init>|<clinit>)(?::\d+)?$/u;
/** A library, and the symbol in it: libjvm.so.PhaseChaitin::Split, libc.so.6.read. */
const IN_LIBRARY = /^([^ (/;]*\.so(?:\.\d+)*|\[[^\]]+\])\.(?=.)/;

/**
 * Where a name may be cut before its end: what stands before is the package of Java code, or the library of native code. Rules of Java
 * hold for Java's names only; a symbol such as `finish_task_switch.isra.0` or `github.com/acme/pkg.Run` is one word.
 */
export function qualifierLength(name: string, kind: string): number {
  if (kind === "class") return name.lastIndexOf(".") + 1;
  if (JAVA_KINDS.includes(kind) || ((kind === "native" || kind === "unknown") && LIKE_JAVA.test(name))) {
    const method = name.lastIndexOf(".");
    return method < 0 ? 0 : name.lastIndexOf(".", method - 1) + 1;
  }
  return kind === "group" ? 0 : IN_LIBRARY.exec(name)?.[0].length ?? 0;
}
