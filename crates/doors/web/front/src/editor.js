// The editor of a document: loaded on its page only, in place of a plain text area.
import { change, mark, startCode, textOf, toLine } from "./editor/code.js";
import { spot, startActs } from "./editor/acts.js";
import { startKeeping } from "./editor/keep.js";
import { findings, mending, startPanel } from "./editor/panel.js";
import { startTabs } from "./editor/tabs.js";

function start(editor) {
  const form = editor.querySelector("form.editor-text");
  const side = document.getElementById("editor-side");
  const area = form?.querySelector("#source");
  if (!area || !side) return;
  const csrfField = form.elements.csrf;
  if (!csrfField) return;

  const keys = [
    ...[...form.querySelectorAll("[data-step-act][data-key]")].map(({ dataset, value }) => ({
      key: `Mod-j ${dataset.key}`,
      run: () => acts.ask(value),
      preventDefault: true,
    })),
    { key: "Mod-.", run: mendHere },
    { key: "Mod-s", run: save, preventDefault: true },
  ];
  for (const part of editor.querySelectorAll("[data-with-script]")) part.hidden = false;
  for (const part of editor.querySelectorAll("[data-no-script]")) part.hidden = true;
  let shown;
  const view = startCode(area, { keys, changed, moved: locate });
  const tabs = startTabs(editor, form, side);
  const panel = startPanel(editor, form, {
    text: () => textOf(view),
    came(fresh) {
      tabs.count();
      if (fresh) mark(view, findings(side));
      locate();
    },
    ended: () => keeping.ended(),
  });

  const keeping = startKeeping(form, {
    text: () => textOf(view),
    put: (text) => change(view, { from: 0, to: view.state.doc.length, insert: text }),
  });

  const acts = startActs(editor, form, side, {
    view,
    choose,
    before: () => tabs.show("text"),
  });

  function changed() {
    panel.soon();
    keeping.soon();
  }

  function save() {
    keeping.now();
    return true;
  }

  /** The findings of the line of the cursor that have a certain fix: the first is carried out. */
  function mendHere() {
    const { from, to } = view.state.doc.lineAt(view.state.selection.main.head);
    const here = findings(side).filter((one) => one.mend && one.from <= to && Math.max(one.from, one.to) >= from);
    if (here.length === 0) return false;
    change(view, here[0].mend.change);
    return true;
  }

  /** Marks on the map the box of the step that the cursor is in, and chooses that step for the acts. */
  function locate() {
    const line = view.state.doc.lineAt(view.state.selection.main.head).number;
    const around = [...side.querySelectorAll("[data-steps]")]
      .flatMap(({ dataset }) => dataset.steps.split(","))
      .map((place) => place.split(" "))
      .filter(([, from, to]) => Number(from) <= line && line <= Number(to))
      .map(([id]) => id);
    for (const box of side.querySelectorAll("svg [data-step]")) {
      box.classList.toggle("at", around.includes(spot(box)));
    }
    if (around.length > 0) choose(around.at(-1));
    if (around[0] !== shown) bring((shown = around[0]));
  }

  /** Brings the box of a step into the part of the map that one sees, and no further. */
  function bring(step) {
    if (!step) return;
    const boxes = [...side.querySelectorAll("svg [data-step]")].filter((one) => spot(one) === step);
    const box = boxes.find((one) => one.getClientRects().length > 0);
    const map = box?.closest(".map");
    if (!map) return;
    const [inner, outer] = [box.getBoundingClientRect(), map.getBoundingClientRect()];
    const spare = 24;
    if (inner.left < outer.left + spare) map.scrollLeft -= outer.left + spare - inner.left;
    else if (inner.right > outer.right - spare) map.scrollLeft += inner.right - outer.right + spare;
    if (inner.top < outer.top + spare) map.scrollTop -= outer.top + spare - inner.top;
    else if (inner.bottom > outer.bottom - spare) map.scrollTop += inner.bottom - outer.bottom + spare;
    // Of several maps the one that is written about.
    const pane = map.closest(".pane");
    const room = pane.getBoundingClientRect();
    if (outer.top < room.top || outer.bottom > room.bottom) pane.scrollTop += outer.top - room.top - spare;
  }

  function choose(step) {
    const select = form.elements.at;
    if (select && [...select.options].some((option) => option.value === step)) select.value = step;
  }

  function goTo(line) {
    tabs.show("text");
    toLine(view, line);
  }

  side.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#line-"]') ?? event.target.closest?.("[data-step]")?.querySelector("a");
    const line = /^#line-(\d+)$/.exec(link?.getAttribute("href") ?? "")?.[1];
    if (line) {
      event.preventDefault();
      goTo(line);
      return;
    }
    const button = event.target.closest?.("button[data-mend]");
    if (button) {
      event.preventDefault();
      tabs.show("text");
      change(view, mending(button));
    }
    if (event.target.closest?.("button[data-mend-all]")) {
      event.preventDefault();
      mendAll();
    }
  });

  /** All changes that are certain and do not touch each other, in one act. */
  function mendAll() {
    let end = -1;
    const changes = [];
    const offers = findings(side).filter((one) => one.mend);
    for (const { mend } of offers.sort((a, b) => a.mend.change.from - b.mend.change.from)) {
      if (mend.change.from <= end) continue;
      changes.push(mend.change);
      end = mend.change.to;
    }
    change(view, changes);
  }

  form.querySelector("[data-save]").addEventListener("click", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("formdata", (event) => event.formData.set("source", textOf(view)));
  mark(view, findings(side));
  locate();
  const named = /^#line-(\d+)$/.exec(location.hash);
  if (named) goTo(named[1]);
}

const editor = document.querySelector("[data-editor]");
if (editor) start(editor);
