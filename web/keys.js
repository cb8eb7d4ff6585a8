// All keys of the page: the sheet of shortcuts shows this table, and what hears keys asks it (`is`). What the
// page's program hears (tabs, borders, sheets) follows the ARIA patterns and stands here only to be shown.
// `Mod` is Ctrl, and Cmd on a Mac. A space between two keys: one after the other.

/** Where it counts, then: what it does (a name in texts.js), its keys. */
export const keys = {
  page: {
    help: ['?'],
    print: ['Mod+P'],
    close: ['Escape'],
  },
  terminal: {
    leave: ['Escape Tab'],
    copy: ['Mod+Shift+C', 'Mod+C'],
    paste: ['Mod+V'],
    complete: ['Tab'],
    earlier: ['ArrowUp', 'ArrowDown'],
    search: ['Ctrl+R'],
    interrupt: ['Ctrl+C'],
    end: ['Ctrl+D'],
    clear: ['Ctrl+L'],
    open: ['Ctrl+Shift+Enter'],
    other: ['Ctrl+Shift+ArrowRight', 'Ctrl+Shift+ArrowLeft'],
  },
  editor: {
    save: ['Mod+S'],
    find: ['Mod+F'],
    takeBack: ['Mod+Z'],
    leave: ['Escape Tab'],
  },
  tabs: {
    other: ['ArrowLeft', 'ArrowRight'],
    ends: ['Home', 'End'],
    close: ['Delete'],
  },
  borders: {
    move: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    usual: ['Enter'],
  },
  picture: {
    open: ['Enter', 'Space'],
  },
  talk: {
    next: ['PageDown', 'ArrowRight', 'Space'],
    back: ['PageUp', 'ArrowLeft'],
    first: ['Home'],
    last: ['End'],
    type: ['t'],
    reveal: ['r'],
    vote: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    blank: ['b', '.'],
    freeze: ['f'],
    notes: ['n'],
    larger: ['+'],
    smaller: ['-'],
    end: ['Escape'],
  },
};

/** The settings switch off keys that are a character alone: speech input sets them off (WCAG 2.1.4). */
export const single = () => document.documentElement.dataset.singleKeys !== 'off';

function matches(event, press) {
  if (press.length === 1 && !single()) return false;
  const parts = press.split('+').filter((part) => part);
  const key = press.endsWith('+') ? '+' : parts.pop();
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  const wants = (name) => parts.includes(name);
  const ctrl = wants('Ctrl') || (wants('Mod') && !mac);
  const meta = wants('Mod') && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey) return false;
  // With a sign, Shift is how it is typed.
  if (parts.length && event.shiftKey !== wants('Shift')) return false;
  const typed = event.key === ' ' ? 'Space' : event.key;
  return typed.toLowerCase() === key.toLowerCase();
}

/** Which of the keys of an action was pressed, from 0; -1: none. */
export const which = (event, place, name) => keys[place][name].findIndex((press) => matches(event, press));

/** Whether a key was pressed that does this. */
export const is = (event, place, name) => which(event, place, name) >= 0;

/** As CodeMirror writes it. */
export const inEditor = (name) => keys.editor[name][0].replace('+S', '-s');
