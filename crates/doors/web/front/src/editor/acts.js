// The acts on steps: from the row above the text, from a box of the map, from the keyboard. The server
// makes the change, so that the numbers of jumps follow; it comes back as one act that undo takes back.
import { change, textOf } from "./code.js";

/** What differs between two texts, as one change. */
export function difference(before, after) {
  let from = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** What the form calls the step of a box: of the second process of a text and later ones, with its place. */
export function spot(box) {
  const nth = Number(box.closest("[data-process]")?.dataset.process ?? 0);
  return nth === 0 ? box.dataset.step : `${nth + 1}.${box.dataset.step}`;
}

/** Wires the acts. `choose` sets the step they are about; `before` brings the text into sight. */
export function startActs(editor, form, side, { view, choose, before }) {
  const menu = document.getElementById("step-menu");
  const said = form.querySelector("[data-said]");

  async function send(act) {
    const source = textOf(view);
    const { csrf, at, words, to } = form.elements;
    const body = new URLSearchParams({ csrf: csrf.value, source, act, at: at.value, words: words.value, to: to.value });
    try {
      const answer = await fetch(form.dataset.change, { method: "POST", body, headers: { accept: "text/html", "gemba-part": "1" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const template = document.createElement("template");
      template.innerHTML = await answer.text();
      const made = template.content.querySelector("[data-changed]");
      said.textContent = made.dataset.said;
      // Somebody who typed on in the meantime asks again; their letters come first.
      if (made.dataset.said || textOf(view) !== source) return;
      const text = made.value.replaceAll("\r\n", "\n");
      words.value = "";
      before();
      change(view, difference(source, text), { anchor: Number(made.dataset.from), head: Number(made.dataset.to) });
    } catch {
      said.textContent = "The server could not be reached, so nothing was changed. Try again in a moment.";
    }
  }

  function ask(act) {
    send(act);
    return true;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-step-act]");
    if (!button) return;
    event.preventDefault();
    if (menu?.matches(":popover-open")) menu.hidePopover();
    const more = button.closest("details");
    if (more) more.open = false;
    ask(button.value);
  });

  /** Opens the menu of a box beside it. */
  function open(box) {
    if (!menu?.showPopover) return;
    choose(spot(box));
    menu.showPopover();
    const { left, bottom } = box.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = menu;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - offsetHeight - 8))}px`;
    menu.querySelector("button").focus();
  }

  side.addEventListener("contextmenu", (event) => {
    const box = event.target.closest?.("svg [data-step]");
    if (!box) return;
    event.preventDefault();
    open(box);
  });
  // Keyboards without a menu key have the letter.
  side.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("svg [data-step]");
    if (!box || event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open(box);
  });
  return { ask };
}
