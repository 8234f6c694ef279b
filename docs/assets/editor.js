// The code editor, a script of its own: loaded when a reader first presses Edit.
// CodeMirror, as it is small, keyboard-complete and works under a strict policy.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const setLines = StateEffect.define();
const line = (name) => Decoration.line({ class: name });
const shown = { section: line("section"), error: line("wrong") };

/** Lines under a decoration that follow edits. */
const lines = StateField.define({
  create: () => Decoration.none,
  update(value, { changes, effects, state }) {
    value = value.map(changes);
    for (const effect of effects) {
      if (!effect.is(setLines)) continue;
      const { kind, numbers } = effect.value;
      const ranges = numbers.filter((n) => n >= 1 && n <= state.doc.lines)
        .map((n) => shown[kind].range(state.doc.line(n).from));
      value = value.update({ filter: (_a, _b, old) => old !== shown[kind], add: ranges, sort: true });
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// The colours of the page's own code blocks.
const colour = (name) => `var(--md-code-hl-${name}-color)`;
const style = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: colour("keyword") },
  { tag: [tags.string, tags.special(tags.string)], color: colour("string") },
  { tag: [tags.number, tags.bool, tags.null], color: colour("number") },
  { tag: tags.comment, color: colour("comment") },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className], color: colour("function") },
  { tag: tags.operator, color: colour("operator") },
]);

/** An editor in `parent`: {text, from, to, label, changed(text), run()}. */
function open(parent, { text, from, to, label, changed, run }) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), indentOnInput(), bracketMatching(), indentUnit.of("    "),
        python(), syntaxHighlighting(style), lines,
        EditorView.contentAttributes.of({ "aria-label": label }),
        keymap.of([
          { key: "Mod-Enter", run: () => (run(), true) },
          // CodeMirror lets the next Tab leave once Escape was pressed.
          indentWithTab, ...defaultKeymap, ...historyKeymap,
        ]),
        EditorView.updateListener.of(({ docChanged, state }) => docChanged && changed(state.doc.toString())),
      ],
    }),
  });
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  view.dispatch({ effects: setLines.of({ kind: "section", numbers }) });
  const start = view.state.doc.line(Math.min(from, view.state.doc.lines)).from;
  view.dispatch({ selection: { anchor: start }, effects: EditorView.scrollIntoView(start, { y: "start", yMargin: 8 }) });
  view.focus();
  return {
    mark: (wrong) => view.dispatch({ effects: setLines.of({ kind: "error", numbers: wrong }) }),
    destroy: () => view.destroy(),
  };
}

globalThis.studyEditor = { open };
