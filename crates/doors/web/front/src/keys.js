// The keyboard: `?`, lists with j/k/enter/e, and two-key jumps that begin with g.
import { node, typing } from "./node.js";

const pause = 1200;

function jumps() {
  return [...document.querySelectorAll("a[data-key]")].map((link) => ({
    key: link.dataset.key,
    href: link.href,
    name: link.dataset.name ?? link.textContent.trim(),
  }));
}

function help() {
  const row = (keys, words) => [node("dt", {}, ...keys.map((key) => node("kbd", {}, key))), node("dd", {}, words)];
  const apple = /Mac|iPhone|iPad/.test(navigator.platform);
  const dialog = node(
    "dialog",
    { class: "help", "aria-labelledby": "help-title", close: () => dialog.remove() },
    node("h2", { id: "help-title" }, "Keys"),
    node(
      "dl",
      { class: "keys" },
      ...row([apple ? "⌘" : "Ctrl", "K"], "Find anything"),
      ...row(["j"], "Next in the list"),
      ...row(["k"], "Previous in the list"),
      ...row(["Enter"], "Open it"),
      ...row(["e"], "Edit this page"),
      ...jumps().flatMap(({ key, name }) => row(["g", key], name)),
      ...row(["?"], "These keys"),
      // A page may have keys of its own, written down where everybody can read them.
      ...[...document.querySelectorAll("[data-help] > *")].map((part) => part.cloneNode(true)),
    ),
    node("form", { method: "dialog" }, node("button", { class: "button secondary" }, "Close")),
  );
  document.body.append(dialog);
  dialog.showModal();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent !== null);
  if (!rows.length) return false;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
  const target = next?.matches("a") ? next : next?.querySelector("a, button, summary");
  if (!target) return false;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Wires the keys of a page. */
export function startKeys(palette) {
  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      palette.open();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event)) return;
    if (document.querySelector("dialog[open]")) return;

    if (waiting && event.timeStamp < waiting) {
      waiting = 0;
      const jump = jumps().find(({ key }) => key === event.key);
      if (jump) {
        event.preventDefault();
        location.assign(jump.href);
      }
      return;
    }
    waiting = 0;
    if (event.key === "g") waiting = event.timeStamp + pause;
    else if (event.key === "?") help();
    else if (event.key === "j" || event.key === "k") {
      if (move(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "e") {
      const link = document.querySelector("a[data-edit]");
      if (link) location.assign(link.href);
    }
  });
}
