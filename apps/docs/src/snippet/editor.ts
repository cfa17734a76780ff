import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** An editor of a snippet. */
export interface Editor {
  text: string;
  focus(): void;
}

/** Opens an editor. Tab leaves it, so that nobody who uses a keyboard is caught. */
export function openEditor(parent: Element, text: string, label: string, run: () => void): Editor {
  const runKey = (): boolean => {
    run();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        bracketMatching(),
        indentOnInput(),
        javascript({ typescript: true }),
        // The colours are the site's: see site.css.
        syntaxHighlighting(classHighlighter),
        EditorView.contentAttributes.of({ "aria-label": label }),
        keymap.of([{ key: "Mod-Enter", run: runKey }, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(insert) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    focus: () => view.focus(),
  };
}
