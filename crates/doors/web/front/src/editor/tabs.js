// Which panes are in sight: text and map beside one other where it is wide, one at a time where not.
import { node } from "../node.js";

const wide = matchMedia("(min-width: 1024px)");

/** Makes tabs of the panes. The text and the map have none of their own where there is room for both. */
export function startTabs(editor, form, side) {
  const panes = [["text", "Text", form]];
  for (const pane of side.querySelectorAll("[data-pane]")) {
    panes.push([pane.dataset.pane, pane.querySelector("h2").textContent, pane]);
  }
  form.id ||= "editor";
  let chosen = wide.matches ? "findings" : "text";

  const tabs = panes.map(([name, title, pane]) =>
    node(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "data-tab": name,
        "aria-controls": pane.id,
        click: () => show(name),
        keydown: onKey,
      },
      node("span", {}, title),
      node("span", { class: "count", hidden: true }),
    ),
  );
  const list = node("div", { class: "editor-tabs", role: "tablist", "aria-label": "What to see" }, ...tabs);
  side.before(list);
  editor.classList.add("live");

  /** Whether a pane stands there whatever is chosen. */
  const fixed = (name) => wide.matches && (name === "text" || name === "map");

  function show(name) {
    chosen = fixed(name) ? (fixed(chosen) ? "findings" : chosen) : name;
    for (const [at, [name, , pane]] of panes.entries()) {
      const isFixed = fixed(name);
      tabs[at].hidden = isFixed;
      const here = name === chosen;
      tabs[at].setAttribute("aria-selected", String(here));
      tabs[at].tabIndex = here ? 0 : -1;
      pane.hidden = !here && !isFixed;
      if (pane === form) continue;
      if (isFixed) {
        pane.removeAttribute("role");
        pane.setAttribute("aria-labelledby", `pane-${name}-title`);
      } else {
        pane.setAttribute("role", "tabpanel");
        pane.setAttribute("aria-labelledby", `tab-${name}`);
      }
    }
  }

  function onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const seen = tabs.filter((tab) => !tab.hidden);
    const next = seen[(seen.indexOf(event.currentTarget) + step + seen.length) % seen.length];
    show(next.dataset.tab);
    next.focus();
    event.preventDefault();
  }

  /** How many things are in a pane, beside its name. */
  function count() {
    const found = side.querySelectorAll(".finding").length;
    const badge = list.querySelector('[data-tab="findings"] .count');
    badge.hidden = found === 0;
    badge.textContent = String(found);
  }

  wide.addEventListener("change", () => show(chosen === "text" && wide.matches ? "findings" : chosen));
  show(chosen);
  count();
  return { show, count };
}
