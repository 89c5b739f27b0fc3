// The text as a code editor: Markdown in the colours of the pages, findings as marks, keys.
import "./sheet.js";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { yamlFrontmatter } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  crosshairCursor,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.heading1, tags.heading2, tags.heading], color: "var(--ink)", fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: tags.monospace, color: "var(--good)" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta, tags.comment], color: "var(--muted)" },
  { tag: tags.list, color: "var(--ink)" },
  { tag: tags.quote, color: "var(--muted)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--ink)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "var(--small)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--hover)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outline: "2px solid var(--accent)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 12px", fontSize: "var(--small)" },
  ".cm-panel.cm-search [name=close]": { width: "24px", height: "24px", fontSize: "1.1rem" },
  ".cm-panel.cm-search label": { fontSize: "var(--small)" },
  ".cm-textfield": { border: "1px solid var(--line-strong)", borderRadius: "4px", backgroundColor: "var(--surface)", padding: "3px 6px" },
  ".cm-button": { border: "1px solid var(--line-strong)", borderRadius: "4px", background: "var(--surface)", color: "var(--ink)", padding: "3px 8px" },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "6px", backgroundColor: "var(--surface)", color: "var(--ink)", boxShadow: "var(--float)" },
  ".cm-diagnostic": { padding: "8px 12px", borderLeft: "3px solid var(--line-strong)", maxWidth: "52ch", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad-strong)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticAction": { marginTop: "6px", padding: "4px 10px", borderRadius: "4px", backgroundColor: "var(--accent-strong)", color: "var(--on-accent)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad-strong)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: "3px" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline dotted var(--muted)", textUnderlineOffset: "3px" },
  ".cm-lintRange-active": { backgroundColor: "var(--warn-soft)" },
});

/** A list item or a selection is indented; elsewhere two spaces are put in. */
const tab = [
  { key: "Tab", run: indentMore, shift: indentLess },
];

/**
 * Puts a code editor where the text area was. The area stays in the form, hidden, and holds the text
 * when the form is sent.
 */
export function startCode(area, { keys, changed, moved }) {
  const label = area.labels?.[0]?.textContent?.trim() ?? "Text";
  const host = document.createElement("div");
  host.className = "code";
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        keymap.of(keys),
        lineNumbers(),
        highlightActiveLineGutter(),
        lintGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        rectangularSelection(),
        crosshairCursor(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        bracketMatching(),
        search({ top: true }),
        indentUnit.of("  "),
        yamlFrontmatter({ content: markdown({ base: markdownLanguage, completeHTMLTags: false }) }),
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-describedby": "editor-leave",
          // Some tools take an editable element for focusable only where it says so.
          tabindex: "0",
          spellcheck: "true",
          autocorrect: "on",
          autocapitalize: "sentences",
        }),
        look,
        keymap.of([...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, ...tab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
          if (update.docChanged || update.selectionSet) moved();
        }),
      ],
    }),
    parent: host,
  });
  area.hidden = true;
  area.removeAttribute("name");
  area.before(host);
  area.labels?.[0]?.addEventListener("click", () => view.focus());
  return view;
}

/** The whole text. */
export const textOf = (view) => view.state.doc.toString();

/** Puts the cursor on a line and the line into sight. */
export function toLine(view, wanted) {
  const { doc } = view.state;
  const line = doc.line(Math.max(1, Math.min(Number(wanted) || 1, doc.lines)));
  view.dispatch({
    selection: { anchor: line.from },
    effects: EditorView.scrollIntoView(line.from, { y: "center" }),
    userEvent: "select",
  });
  view.focus();
}

/** Changes places of the text in one act that one undo takes back. */
export function change(view, changes, selection) {
  view.dispatch({ changes, selection, scrollIntoView: true, userEvent: "input.gemba" });
  view.focus();
}

/** Shows findings as marks in the margin and under the words. */
export function mark(view, found) {
  const { length } = view.state.doc;
  const diagnostics = found.map((one) => {
    const from = Math.min(one.from, length);
    const end = view.state.doc.lineAt(from).to;
    // What is about a whole paragraph is marked on its first line; the whole of it would be noise.
    const to = Math.max(from, Math.min(one.to, end, length));
    return {
      from,
      to,
      severity: one.severity,
      source: one.code,
      message: `${one.word}: ${one.message}`,
      actions: one.mend ? [{ name: one.mend.title, apply: () => change(view, one.mend.change) }] : [],
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
