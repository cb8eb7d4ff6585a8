// The terminal: xterm.js and its addons behind one small function. Loaded by dynamic import();
// terminal.css comes along.
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import './extras.js';
import { bootFirst } from './first.js';
import { is, keys, which } from './keys.js';

// Its style sheet, once; without it the terminal is there, too.
const style = document.createElement('link');
Object.assign(style, { rel: 'stylesheet', href: new URL('terminal.css', import.meta.url).href });
const styled = new Promise((done) => { style.onload = style.onerror = done; });
document.head.append(style);

const names = [
  'black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white', 'brightBlack', 'brightRed',
  'brightGreen', 'brightYellow', 'brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite',
];

// Colours are custom properties, so that the page's style sheet decides on light and dark.
function themeOf(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(`--term-${name}`).trim() || undefined;
  const theme = {
    background: style.getPropertyValue('--term').trim(), foreground: colour('ink'),
    cursor: colour('cursor'), cursorAccent: style.getPropertyValue('--term').trim(),
    selectionBackground: colour('selection'),
  };
  for (const name of names) {
    theme[name] = colour(name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`));
  }
  return theme;
}

/** Makes a terminal inside `parent`, or moves the one there that was there before the app. Options: `screenReader`,
 * `onData(bytes)`, `onResize(rows, cols)`. */
export async function createTerminal(parent, options) {
  const first = globalThis.layerlabTerminal;
  if (!first) return makeTerminal(parent, options);
  delete globalThis.layerlabTerminal;
  first.move(parent, options);
  return first;
}

/** Opens a terminal before the app is there. */
export const openFirst = (early, lesson, listening) => bootFirst(early, lesson, listening, makeTerminal);

async function makeTerminal(parent, options) {
  await styled;
  const style = getComputedStyle(parent);
  const sizeNow = () => parseFloat(getComputedStyle(parent).fontSize);
  const fontSize = sizeNow();
  const fontFamily = style.getPropertyValue('--font-code').trim() || 'monospace';
  // Cells are measured once, with the font that is there: wait for ours, but not long.
  const font = document.fonts.load(`${fontSize}px ${fontFamily}`).catch(() => {});
  await Promise.race([font, new Promise((resolve) => setTimeout(resolve, 250))]);

  const terminal = new Terminal({
    fontFamily, fontSize, lineHeight: 1.25, letterSpacing: 0, fontWeightBold: '600',
    // As in VS Code. One that blinks begins anew with each key, and takes the frame in which the letter could be shown.
    cursorBlink: false,
    scrollback: 5000, allowProposedApi: true, screenReaderMode: options.screenReader ?? false,
    theme: themeOf(parent), macOptionIsMeta: true, convertEol: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(parent);

  const encoder = new TextEncoder();
  terminal.onData((text) => options.onData?.(encoder.encode(text)));
  terminal.onResize(({ rows, cols }) => options.onResize?.(rows, cols));

  // Esc, then Tab: the way out for people without a mouse.
  let escaped = false;
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    const [first, second] = keys.terminal.leave[0].split(' ');
    if (event.key === second && escaped) { escaped = false; return false; }
    if (event.key !== 'Shift') escaped = event.key === first;
    if (is(event, 'terminal', 'paste')) return false;
    const turn = [1, -1][which(event, 'terminal', 'other')];
    if (turn || is(event, 'terminal', 'open')) {
      const tabs = [...document.querySelectorAll('.terminals [role="tab"]')];
      const at = tabs.findIndex((tab) => tab.ariaSelected === 'true');
      (turn ? tabs.at((at + turn) % tabs.length) : document.querySelector('.terminals__new'))?.click();
      event.preventDefault();
      return false;
    }
    const copies = which(event, 'terminal', 'copy');
    // The second of its keys is also that which interrupts.
    if (copies === 0 || (copies === 1 && terminal.hasSelection())) {
      if (terminal.hasSelection()) {
        navigator.clipboard?.writeText(terminal.getSelection()).catch(() => {});
        terminal.clearSelection();
      }
      event.preventDefault();
      return false;
    }
    return true;
  });

  const refit = () => {
    if (terminal.options.fontSize !== sizeNow()) terminal.options.fontSize = sizeNow();
    const size = fit.proposeDimensions();
    if (size && Number.isFinite(size.rows) && Number.isFinite(size.cols) && parent.clientHeight > 0) fit.fit();
  };
  const observer = new ResizeObserver(refit);
  const settle = () => {
    observer.observe(parent);
    // What types for a person says so here (teach/machine.js).
    parent.addEventListener('layerlab-type', (event) => terminal.input(event.detail));
    refit();
  };
  settle();
  // Measures anew if the font came late.
  document.fonts.addEventListener('loadingdone', ({ fontfaces }) => {
    if (!fontfaces.some(({ family }) => fontFamily.includes(family.replaceAll('"', '')))) return;
    terminal.options.fontFamily = 'monospace';
    terminal.options.fontFamily = fontFamily;
    refit();
  });

  // What a first prompt needs not comes behind it; without it wide characters and links are plain.
  const later = (addon, use) => addon.then(use).catch((error) => console.warn(error));
  const loadMore = () => {
    loadMore.done = true;
    later(import('@xterm/addon-unicode11'), ({ Unicode11Addon }) => {
      terminal.loadAddon(new Unicode11Addon());
      terminal.unicode.activeVersion = '11';
    });
    later(import('@xterm/addon-web-links'), ({ WebLinksAddon }) => terminal.loadAddon(new WebLinksAddon()));
  };

  return {
    /** To another place in the page, where it keeps the keyboard. */
    move: (place, others) => {
      const active = terminal.element.contains(document.activeElement);
      observer.disconnect();
      place.append(terminal.element);
      document.getElementById('first')?.remove();
      if (active) terminal.focus();
      [parent, options] = [place, others];
      settle();
    },
    rows: () => terminal.rows,
    cols: () => terminal.cols,
    write: (bytes) => {
      terminal.write(bytes);
      if (!loadMore.done) loadMore();
    },
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    refreshTheme: () => { terminal.options.theme = themeOf(parent); },
    setScreenReader: (on) => { terminal.options.screenReaderMode = on; },
    setLabel: (label) => terminal.textarea.setAttribute('aria-label', label),
    /// Everything that is on the terminal, with its scrollback.
    text: () => {
      const buffer = terminal.buffer.active;
      const lines = [];
      for (let y = 0; y < buffer.length; y += 1) {
        const line = buffer.getLine(y);
        const text = line.translateToString(true);
        if (line.isWrapped && lines.length) lines[lines.length - 1] += text;
        else lines.push(text);
      }
      return lines.join('\n').trimEnd();
    },
  };
}
