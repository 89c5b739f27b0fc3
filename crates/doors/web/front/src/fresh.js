// Keeps a page true while it stays open: hears that what it shows has changed, and takes the new content in.
// What somebody is writing is never replaced.
import { showCopying } from "./small.js";

const place = () => document.querySelector("#main [data-live]");

/** Whether a field holds something else than the server put there. */
function touched(field) {
  if (field.type === "hidden" || field.type === "submit") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field instanceof HTMLSelectElement) {
    const set = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(set, 0);
  }
  return field.value !== field.defaultValue;
}

/** Whether the page is in somebody's hands. */
function busy(main) {
  const at = document.activeElement;
  if (main.contains(at) && at.matches("input, textarea, select")) return true;
  if (main.querySelector("details.ask[open], form[data-sent]") || document.querySelector("dialog[open]")) return true;
  if (getSelection()?.toString()) return true;
  return [...main.querySelectorAll("input, textarea, select")].some(touched);
}

/** What the focus is on, in words that hold for the new content too. */
function focused(main) {
  const at = document.activeElement;
  if (!main.contains(at) || at === main) return () => {};
  const same = (node) =>
    node.tagName === at.tagName && node.textContent === at.textContent && node.getAttribute("href") === at.getAttribute("href");
  return () => [...main.querySelectorAll(at.tagName)].find(same)?.focus({ preventScroll: true });
}

/** Puts the new content in the place of the old one; what was open and where one looked stays. */
function take(main, fresh) {
  const refocus = focused(main);
  const open = [...main.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
  const maps = [...main.querySelectorAll(".map")].map((map) => [map.scrollLeft, map.scrollTop]);
  main.replaceChildren(...fresh.childNodes);
  for (const summary of main.querySelectorAll("details > summary")) {
    if (open.includes(summary.textContent)) summary.parentElement.open = true;
  }
  [...main.querySelectorAll(".map")].forEach((map, n) => maps[n] && map.scrollTo(...maps[n]));
  showCopying();
  refocus();
}

/** Listens for as long as the page is looked at. */
export function startFresh() {
  const main = document.getElementById("main");
  if (!place() || !("EventSource" in window)) return;
  const told = document.createElement("p");
  told.className = "hush";
  told.setAttribute("role", "status");
  document.body.append(told);
  let source;
  let stale = false;
  let loading = false;

  const close = () => {
    source?.close();
    source = undefined;
  };
  const listen = () => {
    close();
    // A tab in the background gives its connection back: a browser has few of them for one server.
    if (document.hidden || !place()) return;
    source = new EventSource(place().dataset.live);
    source.addEventListener("changed", () => {
      stale = true;
      refresh();
    });
  };
  async function refresh() {
    if (!stale || loading || busy(main)) return;
    loading = true;
    stale = false;
    try {
      const here = new URL(location.href);
      here.searchParams.delete("done");
      const answer = await fetch(here, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return close();
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
      // Somebody may have begun to write meanwhile.
      if (!fresh || busy(main)) return void (stale = true);
      take(main, fresh);
      told.textContent = "The page was brought up to date.";
      listen();
    } catch {
      // The connection is gone; the next event tries again.
      stale = true;
    } finally {
      loading = false;
    }
  }
  document.addEventListener("visibilitychange", listen);
  // What waited for somebody to finish is taken in when they have.
  main.addEventListener("focusout", () => setTimeout(refresh, 300));
  addEventListener("pagehide", close);
  addEventListener("pageshow", listen);
  listen();
}
