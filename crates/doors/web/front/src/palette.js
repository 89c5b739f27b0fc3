// The command palette: any page by its name, any process, seat or run by any of its words.
import { node } from "./node.js";

const shown = 12;
/** How long the typing rests before the server is asked, in milliseconds. */
const pause = 70;

/** The entries that hold every word asked for, those that begin with it first. */
export function matching(entries, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const entry of entries) {
    const title = entry.title.toLowerCase();
    const all = `${title} ${(entry.kind ?? "").toLowerCase()} ${(entry.words ?? "").toLowerCase()}`;
    if (!words.every((word) => all.includes(word))) continue;
    let rank = 0;
    for (const word of words) {
      if (title.startsWith(word)) rank += 4;
      else if (title.includes(` ${word}`)) rank += 3;
      else if (title.includes(word)) rank += 2;
    }
    found.push({ entry, rank });
  }
  // Sorting is stable, so equal ranks keep the server's order.
  found.sort((a, b) => b.rank - a.rank);
  return found.slice(0, shown).map(({ entry }) => entry);
}

/** Wires the palette and gives the function that opens it. */
export function startPalette() {
  const source = document.body.dataset.palette;
  if (!source) return { open() {} };
  let pages = null;
  let found = [];
  let asked = "";
  let waiting = 0;
  let at = 0;
  let results = [];

  const list = node("ul", { class: "palette-list", role: "listbox", id: "palette-list", "aria-label": "Results" });
  const note = node("p", { class: "palette-note", role: "status" });
  const input = node("input", {
    class: "palette-input",
    type: "text",
    role: "combobox",
    placeholder: "Find a process, seat, run or page",
    "aria-label": "Find a process, seat, run or page",
    "aria-controls": "palette-list",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    input: ask,
    keydown: onKey,
  });
  const dialog = node(
    "dialog",
    { class: "palette", "aria-label": "Find anything", click: (event) => event.target === dialog && dialog.close() },
    node("div", { class: "palette-box" }, input, list, note),
  );
  document.body.append(dialog);

  function draw(next) {
    const query = input.value.trim();
    const named = pages ? matching(pages, query) : [];
    // The server has found these by the words typed so far; what was found for other words is gone.
    const others = asked === query ? found : [];
    results = [...named, ...others].slice(0, shown);
    if (query && results.length) {
      results.push({ title: `Search for “${query}”`, kind: "Everything", href: everything(query) });
    }
    at = Math.max(0, Math.min(next, results.length - 1));
    list.replaceChildren(
      ...results.map((entry, index) =>
        node(
          "li",
          {
            id: `palette-${index}`,
            role: "option",
            "aria-selected": index === at ? "true" : "false",
            click: (event) => go(entry, event.metaKey || event.ctrlKey),
          },
          node("span", { class: "palette-title" }, entry.title),
          node("span", { class: "palette-kind" }, entry.kind ?? ""),
        ),
      ),
    );
    if (results.length) input.setAttribute("aria-activedescendant", `palette-${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (query && asked !== query) note.textContent = "Looking…";
    else if (pages && !results.length) note.textContent = "Nothing has that name. Try fewer words.";
    else if (pages) note.textContent = "";
  }

  const everything = (query) => `/search?q=${encodeURIComponent(query)}`;

  async function get(query) {
    const address = query ? `${source}?q=${encodeURIComponent(query)}` : source;
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).entries ?? [];
  }

  /** Asks the server once the typing rests for a moment; an answer that comes too late is left out. */
  function ask() {
    clearTimeout(waiting);
    const query = input.value.trim();
    if (!query) {
      [found, asked] = [[], ""];
      return draw(0);
    }
    draw(0);
    waiting = setTimeout(async () => {
      let entries = [];
      try {
        entries = await get(query);
      } catch {
        note.textContent = "The search did not answer. Check the connection and type again.";
        return;
      }
      if (input.value.trim() !== query) return;
      [found, asked] = [entries, query];
      draw(0);
    }, pause);
  }

  function go(entry, apart) {
    if (apart) window.open(entry.href, "_blank", "noopener");
    else {
      dialog.close();
      location.assign(entry.href);
    }
  }

  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      draw((at + step + results.length) % Math.max(1, results.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const query = input.value.trim();
      // Who is quicker than the answer gets the page that has it.
      const entry = query && asked !== query ? { href: everything(query) } : results[at];
      if (entry) go(entry, event.metaKey || event.ctrlKey);
    }
  }

  async function load() {
    if (pages) return;
    note.textContent = "Loading…";
    try {
      pages = await get("");
    } catch {
      note.textContent = "The list could not be loaded. Check the connection and open this again.";
      return;
    }
    draw(0);
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    [found, asked] = [[], ""];
    dialog.showModal();
    input.focus();
    draw(0);
    load();
  }

  for (const button of document.querySelectorAll("[data-open-palette]")) {
    button.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  return { open };
}
