// The editor: checks what is written while it is written, and never loses text.

const checkAfter = 350;
const keepAfter = 400;

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(key, value) {
  // A full or forbidden storage must not stop anyone from writing.
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {}
}

/** Checks the form after each pause in typing and swaps what the server found into the panel. */
function liveCheck(form, area) {
  const panel = document.getElementById(form.dataset.checkInto);
  if (!panel) return;
  let timer = 0;
  let asking = null;

  async function check() {
    asking?.abort();
    const mine = (asking = new AbortController());
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { accept: "text/html", "gemba-part": "1" },
        signal: mine.signal,
      });
      // A redirect means the session ended; the panel keeps what it showed.
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      swap(panel, await answer.text());
      form.removeAttribute("data-stale");
    } catch (error) {
      if (error.name === "AbortError") return;
      form.setAttribute("data-stale", "");
    } finally {
      if (asking === mine) panel.removeAttribute("aria-busy");
    }
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, checkAfter);
  });
}

/** Replaces the panel's content and keeps where its scrolling parts and folds stood. */
function swap(panel, html) {
  const places = [...panel.querySelectorAll("[data-keep]")].map((part) => [
    part.dataset.keep, part.scrollLeft, part.scrollTop, part.open,
  ]);
  panel.innerHTML = html;
  for (const [name, left, top, open] of places) {
    const part = panel.querySelector(`[data-keep="${CSS.escape(name)}"]`);
    if (!part) continue;
    part.scrollLeft = left;
    part.scrollTop = top;
    if (open !== undefined) part.open = open;
  }
  window.htmx?.process?.(panel);
}

/** Keeps unsaved text on this computer, and offers it again when the page comes back. */
function autosave(form, area) {
  const key = `gemba:draft:${form.dataset.draft}`;
  const saved = area.defaultValue;
  const found = kept(key);
  const offer = form.querySelector("[data-draft-offer]");

  if (found?.text === saved || (found && area.value === found.text)) keep(key, null);
  else if (found && offer) {
    offer.hidden = false;
    offer.querySelector("[data-draft-restore]")?.addEventListener("click", () => {
      area.value = found.text;
      offer.hidden = true;
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    offer.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
      keep(key, null);
      offer.hidden = true;
      area.focus();
    });
  }

  let timer = 0;
  let sending = false;
  const store = () => keep(key, area.value === saved ? null : { text: area.value, at: Date.now() });
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, keepAfter);
  });
  form.addEventListener("submit", () => {
    sending = true;
    store();
  });
  addEventListener("pagehide", () => area.value !== saved && store());
  addEventListener("beforeunload", (event) => {
    if (!sending && area.value !== saved) event.preventDefault();
  });
}

/** A finding's place, or the line that the address names, puts the cursor on that line. */
function places(area) {
  const show = (wanted) => {
    const lines = area.value.split("\n");
    const line = Math.max(1, Math.min(Number(wanted), lines.length));
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    const height = parseFloat(getComputedStyle(area).lineHeight) || 20;
    area.scrollTop = Math.max(0, (line - 4) * height);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-line]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.line);
  });
  const named = /^#line-(\d+)$/.exec(location.hash);
  if (named) show(named[1]);
}

/** Tab stays the browser's; Ctrl/Cmd-S saves. */
function saveKey(form) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]") ?? undefined);
    }
  });
}

/** Wires the editor of the page, where there is one. */
export function startEditor() {
  const form = document.querySelector("form[data-editor]");
  const area = form?.querySelector("textarea");
  if (!area) return;
  if (form.dataset.check) liveCheck(form, area);
  if (form.dataset.draft) autosave(form, area);
  places(area);
  saveKey(form);
}
