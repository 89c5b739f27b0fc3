// Text that is not saved yet is kept on this device, and offered again when the page comes back.

const keepAfter = 300;

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

/** Keeps what `text` gives under the form's own name while it differs from `saved()`. */
export function startKeeping(form, { text, saved, restore }) {
  const key = `gemba:draft:${form.dataset.draft}`;
  const offer = form.querySelector("[data-draft-offer]");
  const found = read(key);
  if (found && found.text !== saved() && offer) {
    offer.hidden = false;
    offer.querySelector("[data-draft-restore]").addEventListener("click", () => {
      offer.hidden = true;
      restore(found.text);
    });
    offer.querySelector("[data-draft-discard]").addEventListener("click", () => {
      offer.hidden = true;
      write(key, null);
    });
  } else if (found) write(key, null);

  let timer = 0;
  let sending = false;
  let safe = true;
  const store = () => {
    safe = write(key, text() === saved() ? null : { text: text(), at: Date.now() });
  };
  form.addEventListener("submit", () => {
    sending = true;
    store();
  });
  addEventListener("pagehide", () => text() !== saved() && store());
  addEventListener("beforeunload", (event) => {
    if (!sending && !safe && text() !== saved()) event.preventDefault();
  });
  return {
    soon() {
      clearTimeout(timer);
      timer = setTimeout(store, keepAfter);
    },
  };
}
