// Small conveniences: copying, asking before what cannot be undone, the theme, one send per form, a map's place.

/** Shows the buttons that copy: without a script they would do nothing. */
export function showCopying() {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
}

function copying() {
  showCopying();
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (!button) return;
    const word = button.querySelector("[data-word]") ?? button;
    const before = word.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      word.textContent = "Copied";
    } catch {
      word.textContent = "Select the text to copy it";
    }
    setTimeout(() => (word.textContent = before), 1600);
  });
}

function asking() {
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });
  // An opened question closes again on Escape.
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("details.ask[open], details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

function theme() {
  const form = document.querySelector("form[data-theme-form]");
  form?.addEventListener("submit", (event) => {
    const value = event.submitter?.value;
    if (!value) return;
    event.preventDefault();
    if (value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    for (const button of form.querySelectorAll("button[name=theme]")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    const body = new URLSearchParams(new FormData(form, event.submitter));
    fetch(form.action, { method: "POST", body }).catch(() => {});
  });
}

function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
  });
  // A page restored by the back button may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

/** A map may be wider than its place: it opens where the run stands. */
function lit() {
  for (const box of document.querySelectorAll(".map .box-open")) {
    const map = box.closest(".map");
    const [step, place] = [box.getBoundingClientRect(), map.getBoundingClientRect()];
    map.scrollLeft += step.left + step.width / 2 - place.left - place.width / 2;
    map.scrollTop += step.top + step.height / 2 - place.top - place.height / 2;
  }
}

/** Wires them all. */
export function startSmall() {
  lit();
  copying();
  asking();
  theme();
  once();
}
