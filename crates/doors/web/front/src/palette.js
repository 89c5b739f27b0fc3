// The command palette: any process, seat, run, page or act, by name.
import { node } from "./node.js";

const shown = 12;

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
  let entries = null;
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
    input: () => draw(0),
    keydown: onKey,
  });
  const dialog = node(
    "dialog",
    { class: "palette", "aria-label": "Find anything", click: (event) => event.target === dialog && dialog.close() },
    node("div", { class: "palette-box" }, input, list, note),
  );
  document.body.append(dialog);

  function draw(next) {
    results = entries ? matching(entries, input.value) : [];
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
    if (entries && !results.length) note.textContent = "Nothing has that name. Try fewer words.";
    else if (entries) note.textContent = "";
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
    } else if (event.key === "Enter" && results[at]) {
      event.preventDefault();
      go(results[at], event.metaKey || event.ctrlKey);
    }
  }

  async function load() {
    if (entries) return;
    note.textContent = "Loading…";
    try {
      const answer = await fetch(source, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      entries = (await answer.json()).entries ?? [];
    } catch {
      note.textContent = "The list could not be loaded. Check the connection and open this again.";
      return;
    }
    draw(0);
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    input.focus();
    draw(0);
    load();
  }

  for (const button of document.querySelectorAll("[data-open-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  return { open };
}
