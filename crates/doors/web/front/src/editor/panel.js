// The panes beside the text: asked for after each pause in typing, swapped where they changed.

const checkAfter = 50;
/** Where the style sheet shows the map from top to bottom. */
const narrow = matchMedia("(max-width: 719px)");

/** The finding that an entry of the list tells of. */
function finding(item) {
  const severity = item.classList.contains("bad") ? "error" : item.classList.contains("warn") ? "warning" : "info";
  const button = item.querySelector("[data-mend]");
  return {
    from: Number(item.dataset.from),
    to: Number(item.dataset.to),
    severity,
    word: item.querySelector(".cluster")?.textContent.trim() ?? "",
    code: item.querySelector(".code")?.textContent.trim() ?? "",
    message: item.querySelector(".finding-message")?.textContent.trim() ?? "",
    mend: button ? { title: button.textContent.trim(), change: mending(button) } : null,
  };
}

/** The change that a button offers. */
export function mending(button) {
  return { from: Number(button.dataset.from), to: Number(button.dataset.to), insert: button.dataset.mend };
}

/** All findings that the panel shows. */
export const findings = (side) => [...side.querySelectorAll(".finding[data-from]")].map(finding);

/** The one of a pane's maps that is in sight: a narrow screen shows the one from top to bottom. */
const visible = (pane) => [...pane.querySelectorAll(".map")].find((map) => map.offsetParent !== null);

/** Puts the answer's panes in place of those that differ, keeping where each was scrolled to and the focus. */
function swap(editor, html) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  for (const fresh of answer.content.querySelectorAll("[data-pane]")) {
    if ("same" in fresh.dataset) continue;
    const old = editor.querySelector(`[data-pane="${fresh.dataset.pane}"]`);
    if (!old) continue;
    const scrolled = old.scrollTop;
    const map = visible(old);
    const place = map && [map.scrollLeft, map.scrollTop];
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...fresh.childNodes);
    old.dataset.hash = fresh.dataset.hash;
    old.scrollTop = scrolled;
    const after = visible(old);
    if (after && place) [after.scrollLeft, after.scrollTop] = place;
    if (focused) old.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

/**
 * Wires the panel. `text` gives the text as it stands; `came` is told when an answer is in place and
 * whether the text is still the one that was asked about; `ended` when the session is over.
 */
export function startPanel(editor, form, { text, came, ended }) {
  let timer = 0;
  let asking = null;
  let pressed = 0;

  async function ask() {
    asking?.abort();
    const mine = (asking = new AbortController());
    const source = text();
    const begun = pressed;
    pressed = 0;
    const have = [...editor.querySelectorAll("[data-pane]")].map((pane) => `${pane.dataset.pane}:${pane.dataset.hash}`);
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new URLSearchParams({
          csrf: form.elements.csrf.value,
          source,
          have: have.join(" "),
          map: narrow.matches ? "down" : "right",
        }),
        headers: { accept: "text/html", "gemba-part": "1" },
        signal: mine.signal,
      });
      if (answer.redirected || answer.status === 403) return ended();
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine.signal.aborted) return;
      swap(editor, html);
      came(source === text());
      if (begun) measure(begun);
    } catch (error) {
      // Saving says that the server cannot be reached; the panel keeps what it showed.
      if (error.name !== "AbortError") console.debug("the check did not get through", error);
    }
  }

  /** From the key to the painted answer, for those who measure. */
  function measure(begun) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => performance.measure("gemba:key-to-panel", { start: begun, end: performance.now() });
      channel.port2.postMessage(null);
    });
  }

  narrow.addEventListener("change", ask);

  return {
    /** The text changed: ask after a pause. */
    soon() {
      pressed = performance.now();
      clearTimeout(timer);
      timer = setTimeout(ask, checkAfter);
    },
    now: ask,
  };
}
