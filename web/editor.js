// The editor: CodeMirror 6 with the languages of the course, behind one small function.
// Loaded by dynamic import() when the editor is first opened.
import { autocompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import {
  HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting,
} from '@codemirror/language';
import { css } from '@codemirror/legacy-modes/mode/css';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { javascript, json } from '@codemirror/legacy-modes/mode/javascript';
import { nginx } from '@codemirror/legacy-modes/mode/nginx';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import { python } from '@codemirror/legacy-modes/mode/python';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { standardSQL } from '@codemirror/legacy-modes/mode/sql';
import { xml } from '@codemirror/legacy-modes/mode/xml';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { inEditor } from './keys.js';

const languages = {
  css, dockerfile: dockerFile, html: xml, javascript, json, nginx, properties, python, shell,
  sql: standardSQL, xml, yaml,
};

/// The language that a file's name tells, as a key of `languages`, or '' for plain text.
export function languageOf(path) {
  const name = path.split('/').pop().toLowerCase();
  if (/^(dockerfile|containerfile)(\.|$)|\.dockerfile$/.test(name)) return 'dockerfile';
  if (/^\.(bashrc|profile|bash_profile)$/.test(name)) return 'shell';
  if (/^(\.env|\.dockerignore|\.gitignore|requirements\.txt)$|\.env$/.test(name)) return 'properties';
  if (name === 'nginx.conf') return 'nginx';
  const byExtension = {
    bash: 'shell', cfg: 'properties', conf: 'nginx', css: 'css', htm: 'html', html: 'html',
    ini: 'properties', js: 'javascript', json: 'json', mjs: 'javascript', py: 'python',
    sh: 'shell', sql: 'sql', svg: 'xml', toml: 'properties', xml: 'xml', yaml: 'yaml', yml: 'yaml',
  };
  return byExtension[name.split('.').pop()] ?? '';
}

// Colours are custom properties, so that the page's style sheet decides on light and dark.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], color: 'var(--code-name)' },
  { tag: [tags.propertyName, tags.attributeName, tags.meta], color: 'var(--code-property)' },
  { tag: [tags.tagName, tags.typeName, tags.standard(tags.name)], color: 'var(--code-type)' },
  { tag: tags.invalid, color: 'var(--code-invalid)' },
]);

/// Makes an editor inside `parent`. Options: `text`, `path` (tells the language), `label` (for
/// screen readers), `readOnly`, `onChange(text)` at each edit, `onSave(text)` at Ctrl-S.
export function createEditor(parent, options) {
  const language = new Compartment();
  const writable = new Compartment();
  const languageFor = (path) => {
    const mode = languages[languageOf(path)];
    return mode ? StreamLanguage.define(mode) : [];
  };
  const locked = (readOnly) => [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];
  let quiet = false;

  const extensions = [
    lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), drawSelection(), history(),
    indentOnInput(), bracketMatching(), closeBrackets(), autocompletion({ override: [] }),
    highlightSelectionMatches(), lintGutter(), syntaxHighlighting(colours),
    keymap.of([
      { key: inEditor('save'), run: (view) => { options.onSave?.(view.state.doc.toString()); return true; } },
      ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': options.label ?? options.path ?? '' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !quiet) options.onChange?.(update.state.doc.toString());
    }),
  ];
  const stateOf = (text, path, readOnly) => EditorState.create({
    doc: text,
    extensions: [...extensions, language.of(languageFor(path)), writable.of(locked(readOnly))],
  });
  const view = new EditorView({
    parent,
    state: stateOf(options.text ?? '', options.path ?? '', options.readOnly ?? false),
  });

  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    /// Opens another file: a new history, no onChange.
    open: (path, text, readOnly = false) => view.setState(stateOf(text, path, readOnly)),
    /// Replaces the text (it changed in the machine), keeping the cursor near; no onChange.
    replace: (text) => {
      if (text === view.state.doc.toString()) return;
      quiet = true;
      const head = Math.min(view.state.selection.main.head, text.length);
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: head },
      });
      quiet = false;
    },
    setReadOnly: (readOnly) => view.dispatch({ effects: writable.reconfigure(locked(readOnly)) }),
    /// Marks problems: [{ line, severity: 'error' | 'warning' | 'info', message }], lines from 1.
    setProblems: (problems) => {
      const { doc } = view.state;
      const diagnostics = problems.map(({ line, severity, message }) => {
        const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
        return { from, to, severity, message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    /// Brings a line into view and puts the cursor there; lines from 1.
    goto: (line) => {
      const { doc } = view.state;
      const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    },
  };
}
