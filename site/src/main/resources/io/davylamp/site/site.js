// The documentation's script: theme, search, copy buttons. Everything else works without it.
"use strict";
(() => {
  const KEY = "davylamp-theme"; // the page's own, so that both look alike on one server
  const THEMES = ["system", "light", "dark"];
  const MOST = 20;
  const SNIPPET = 160;
  /** What people mostly look for comes first. */
  const WEIGHTS = { Tutorial: 1.5, "How-to": 1.5, Concepts: 1.1, Reference: 1, Decisions: 0.6 };
  const root = document.documentElement.dataset.root;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function kept() {
    try {
      const text = localStorage.getItem(KEY);
      return THEMES.includes(text) ? text : "system";
    } catch {
      return "system"; // a browser that keeps nothing
    }
  }

  let theme = kept();
  const apply = (dark = theme === "dark" || (theme === "system" && system.matches)) => document.documentElement.classList.toggle("dark", dark);
  apply();
  system.addEventListener("change", () => apply());
  addEventListener("beforeprint", () => apply(false));
  addEventListener("afterprint", () => apply());

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function themeButton() {
    const button = element("button", { type: "button" });
    const name = () => { button.textContent = "Theme: " + theme; };
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // then it holds until the page is left
      }
      apply();
      name();
    });
    name();
    return button;
  }

  async function copy(text) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // Browsers allow nothing newer to pages without TLS that are not of this machine.
    const box = element("textarea", { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  function copyButtons() {
    for (const pre of document.querySelectorAll("main pre")) {
      const box = element("div", { className: "code" });
      const button = element("button", { type: "button", textContent: "Copy" });
      button.setAttribute("aria-label", "Copy the code");
      button.addEventListener("click", () => copy(pre.textContent.trimEnd()).then(
        () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); },
        () => { button.textContent = "Select and copy"; }));
      pre.tabIndex = 0;
      pre.replaceWith(box);
      box.append(pre, button);
    }
  }

  // Search. The index is loaded when somebody first turns to the field.

  let index;
  let asked;
  window.davylampIndex = loaded => {
    index = loaded;
    index.sections.forEach(section => section.push(section[2].toLowerCase(), section[3].toLowerCase()));
    asked?.();
  };

  function load() {
    if (document.getElementById("search-index")) return;
    document.head.append(element("script", { id: "search-index", src: root + "search.js" }));
  }

  const isWord = character => character !== undefined && /[\p{L}\p{N}]/u.test(character);

  /** How well a text has a word: at the beginning of one of its own, or within; 0 if not at all. */
  function worth(text, word) {
    let best = 0;
    for (let at = text.indexOf(word), seen = 0; at >= 0 && seen < 8; at = text.indexOf(word, at + 1), seen++) {
      const begins = !isWord(text[at - 1]);
      best = Math.max(best, begins && !isWord(text[at + word.length]) ? 4 : begins ? 2 : 1);
    }
    return best;
  }

  function search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = [];
    for (const section of index.sections) {
      const [page, , , , heading, text] = section;
      const title = index.pages[page][1].toLowerCase();
      let sum = 0;
      for (const word of words) {
        const value = 12 * worth(title, word) + 6 * worth(heading, word) + worth(text, word);
        if (value === 0) { sum = 0; break; }
        sum += value;
      }
      const phrase = words.join(" ");
      if (sum > 0 && words.length > 1 && text.includes(phrase)) sum += 12;
      if (sum > 0 && words.length > 1 && heading.includes(phrase)) sum += 60;
      if (sum > 0) found.push({ section, sum: sum * (WEIGHTS[index.pages[page][2]] ?? 1) });
    }
    return found.sort((a, b) => b.sum - a.sum).slice(0, MOST).map(({ section }) => ({ section, words }));
  }

  /** The text around the first word, with the words marked. */
  function snippet(text, lower, words) {
    const first = Math.min(...words.map(word => lower.indexOf(word)).filter(at => at >= 0), Infinity);
    const from = Number.isFinite(first) ? Math.max(0, first - 40) : 0;
    const to = Math.min(text.length, from + SNIPPET);
    const line = element("span", { className: "snippet" }, from > 0 ? "…" : "");
    let at = from;
    while (at < to) {
      const next = words.map(word => [lower.indexOf(word, at), word.length]).filter(([place]) => place >= 0 && place < to).sort((a, b) => a[0] - b[0])[0];
      if (!next) break;
      line.append(text.slice(at, next[0]), element("mark", { textContent: text.slice(next[0], next[0] + next[1]) }));
      at = next[0] + next[1];
    }
    line.append(text.slice(at, to), to < text.length ? "…" : "");
    return line;
  }

  function row({ section: [page, anchor, heading, text, , lower], words }) {
    const [path, title, kind] = index.pages[page];
    // To the word itself, in browsers that can: a table of all settings is one section.
    const first = words.find(word => lower.includes(word));
    const place = anchor || first ? "#" + anchor + (first ? ":~:text=" + encodeURIComponent(first).replace(/-/g, "%2D") : "") : "";
    return element("a", { href: root + path + place },
      element("b", { textContent: heading }),
      element("span", { className: "where", textContent: "  " + kind + (heading === title ? "" : " › " + title) }),
      snippet(text, lower, words));
  }

  function searchField(place) {
    const input = element("input", { type: "search", placeholder: "Search the documentation (/)", autocomplete: "off" });
    input.setAttribute("aria-label", "search the documentation");
    const list = element("div", { className: "found", hidden: true });
    list.setAttribute("role", "region");
    list.setAttribute("aria-label", "search results");
    list.setAttribute("aria-live", "polite");
    const links = () => [...list.querySelectorAll("a")];
    asked = () => {
      const query = input.value.trim();
      list.hidden = query === "";
      if (list.hidden) return;
      if (!index) {
        list.replaceChildren(element("p", { textContent: "The index is on its way." }));
        return;
      }
      const found = search(query);
      list.replaceChildren(...(found.length ? found.map(row) : [element("p", { textContent: `Nothing has all of "${query}".` })]));
      list.scrollTop = 0;
    };
    const close = () => { list.hidden = true; };
    input.addEventListener("focus", () => { load(); asked(); });
    input.addEventListener("input", () => asked());
    place.addEventListener("keydown", event => {
      const all = links();
      const at = all.indexOf(document.activeElement);
      if (event.key === "Escape") {
        close();
        input.focus();
        close();
      } else if (event.key === "ArrowDown" && all.length) all[Math.min(at + 1, all.length - 1)].focus();
      else if (event.key === "ArrowUp" && at >= 0) (at === 0 ? input : all[at - 1]).focus();
      else if (event.key === "Enter" && document.activeElement === input && all.length) all[0].click();
      else return;
      event.preventDefault();
    });
    // A result on this very page leads to its section, and the list must not hide it.
    list.addEventListener("click", event => { if (event.target.closest("a")) close(); });
    addEventListener("pointerdown", event => { if (!place.contains(event.target)) close(); });
    addEventListener("keydown", event => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) {
        event.preventDefault();
        input.focus();
      }
    });
    place.append(input, list);
  }

  document.addEventListener("DOMContentLoaded", () => {
    searchField(document.getElementById("search"));
    document.getElementById("tools").append(themeButton());
    copyButtons();
    const current = document.querySelector(".contents [aria-current]");
    // The navigation's own place alone: on a phone it stands below the text.
    if (current) current.closest(".contents").scrollTop = current.offsetTop - innerHeight / 2;
  });
})();
