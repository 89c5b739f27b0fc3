// Nothing written is lost: the draft is saved every few seconds, what could not be saved is kept on
// this device with the text it was made from, and offered again when the page comes back.

const keepAfter = 300;
const saveAfter = 2_000;
const saveLatest = 8_000;
const patience = 15_000;
const firstPause = 2_000;
const longestPause = 60_000;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Whether it could be kept: a full or forbidden storage must not stop anyone from writing. */
function write(key, value) {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** The latest text that a window left behind, with the name it is kept under. */
function left(prefix) {
  let latest = null;
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at);
      const kept = key.startsWith(prefix) ? read(key) : null;
      if (kept?.text !== undefined && (!latest || kept.at > latest.kept.at)) latest = { key, kept };
    }
  } catch {}
  return latest;
}

const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/** Wires saving. `text` gives the text as it stands, `put` replaces it. */
export function startKeeping(form, { text, put }) {
  const prefix = `gemba:draft:${form.dataset.draft}:`;
  // Each window keeps its own, so that two of them never overwrite each other here either.
  const key = prefix + Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
  const state = form.querySelector("[data-state]");
  const trouble = form.querySelector("[data-trouble]");
  const { version, base, csrf } = form.elements;
  base.value = base.value.replaceAll("\r\n", "\n");

  /** What the server has, as far as this window knows. A code editor may write line ends otherwise. */
  let saved = form.querySelector("#source").value === base.value ? text() : base.value;
  let safe = true;
  let keepTimer = 0;
  let saveTimer = 0;
  let since = 0;
  let pause = firstPause;
  let running = null;
  let stopped = false;
  let leaving = false;
  let last = "";

  const dirty = () => text() !== saved;

  function keep() {
    clearTimeout(keepTimer);
    const kept = { text: text(), base: base.value, version: version.value, at: Date.now() };
    safe = write(key, dirty() ? kept : null);
  }

  function say(words) {
    state.textContent = words;
  }

  function warn(...parts) {
    trouble.replaceChildren(...parts);
  }

  const words = (text) => Object.assign(document.createElement("p"), { textContent: text });

  function act(label, run) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.className = "button secondary compact";
    button.addEventListener("click", run);
    return button;
  }

  /** Sends the form as a page of its own. */
  function submit(value) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value });
    form.append(field);
    leaving = true;
    keep();
    form.requestSubmit();
  }

  function plan(after = saveAfter) {
    clearTimeout(saveTimer);
    if (stopped || !dirty()) return;
    since ||= Date.now();
    saveTimer = setTimeout(save, Math.max(0, Math.min(after, since + saveLatest - Date.now())));
  }

  /** Saves what there is; one at a time, so that a slow answer never comes after a later one. */
  function save() {
    clearTimeout(saveTimer);
    running ??= send().finally(() => {
      running = null;
      if (dirty() && !stopped) plan();
    });
    return running;
  }

  async function send() {
    if (stopped || !dirty()) return;
    const source = text();
    since = 0;
    say("Saving");
    let answer;
    try {
      answer = await fetch(form.dataset.keepAt, {
        method: "POST",
        body: new URLSearchParams({ csrf: csrf.value, source, version: version.value }),
        headers: { accept: "text/html", "gemba-part": "1" },
        signal: AbortSignal.timeout(patience),
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
    } catch {
      return later();
    }
    if (answer.redirected || answer.status === 403) return ended();
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const said = part.content.textContent.trim();
    if (answer.ok) {
      saved = source;
      base.value = source;
      version.value = part.content.querySelector("[data-kept]").dataset.version;
      pause = firstPause;
      warn();
      last = said;
      say(dirty() ? "Not saved yet" : last);
      keep();
    } else if (answer.status === 409) overtaken(said);
    else {
      stopped = true;
      say("Not saved: kept on this device");
      warn(words(said));
    }
  }

  /** No answer: the text is kept here, and sent again after longer and longer pauses. */
  function later() {
    keep();
    say(safe ? "Offline: kept on this device" : "Offline: not saved");
    warn(
      words(
        safe
          ? "The server cannot be reached. Your text is kept on this device and is saved when the connection is back."
          : "The server cannot be reached, and this device keeps nothing. Leave this page open until the connection is back.",
      ),
    );
    clearTimeout(saveTimer);
    setTimeout(() => save(), pause);
    pause = Math.min(pause * 2, longestPause);
    since = Date.now() + pause;
  }

  /** Somebody else saved first: nothing is sent any more until both texts are brought together. */
  function overtaken(said) {
    stopped = true;
    keep();
    say("Not saved: two texts");
    warn(words(said), act("Bring both together", () => submit("compare")));
  }

  function ended() {
    stopped = true;
    keep();
    say("Not saved: kept on this device");
    const link = Object.assign(document.createElement("a"), {
      href: `/sign-in?back=${encodeURIComponent(location.pathname)}`,
      textContent: "Sign in again",
      className: "button secondary compact",
    });
    warn(words("Your session has ended. Your text is kept on this device and is here again after you sign in."), link);
  }

  /** What another window, or this one before it ended, left behind. */
  function offer() {
    const found = left(prefix);
    const box = form.querySelector("[data-draft-offer]");
    if (!found || !box) return;
    const { kept } = found;
    if (kept.text === saved) return write(found.key, null);
    form.querySelector("[data-draft-when]").textContent = ` from ${clock(kept.at)}`;
    box.hidden = false;
    const take = () => {
      box.hidden = true;
      version.value = kept.version;
      base.value = kept.base;
      saved = kept.base;
      put(kept.text);
      write(found.key, null);
      keep();
    };
    box.querySelector("[data-draft-restore]").addEventListener("click", () => {
      take();
      plan();
    });
    box.querySelector("[data-draft-compare]").addEventListener("click", () => {
      take();
      submit("compare");
    });
    box.querySelector("[data-draft-discard]").addEventListener("click", () => {
      box.hidden = true;
      write(found.key, null);
    });
  }

  form.addEventListener("submit", (event) => {
    leaving = true;
    keep();
    if (!running) return;
    // What is under way first, or its answer would make this text look like another's.
    event.preventDefault();
    const { submitter } = event;
    delete form.dataset.sent;
    running.then(() => form.requestSubmit(submitter));
  });
  addEventListener("online", () => dirty() && save());
  addEventListener("pagehide", () => {
    keep();
    if (leaving || stopped || !dirty()) return;
    const body = new URLSearchParams({ csrf: csrf.value, source: text(), version: version.value });
    // Browsers send this much after a page is gone.
    if (String(body).length < 60_000) fetch(form.dataset.keepAt, { method: "POST", body, keepalive: true }).catch(() => {});
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && !safe && dirty()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden || dirty() || stopped) return;
    const answer = await fetch(form.dataset.keepAt, { headers: { accept: "text/html", "gemba-part": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || dirty()) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const stored = part.content.querySelector("[data-version]");
    if (Number(stored?.dataset.version) > Number(version.value)) {
      warn(words(stored.textContent), act("Load the stored text", () => location.reload()));
    }
  });
  offer();
  // A page may come with a text that is not saved: a fix made without a script, a merged text.
  if (dirty()) plan();

  return {
    /** The text changed. */
    soon() {
      clearTimeout(keepTimer);
      keepTimer = setTimeout(keep, keepAfter);
      if (!stopped && pause === firstPause) say(dirty() ? "Not saved yet" : last);
      if (pause === firstPause) plan();
    },
    now: save,
    ended,
  };
}
