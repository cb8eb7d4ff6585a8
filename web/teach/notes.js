// The speaker's window: what everybody sees, what comes, notes, the clock, and the controls.
import { el } from './dom.js';
import { lang, say } from './words.js';

const two = (number) => String(number).padStart(2, '0');
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const since = (seconds) => `${Math.floor(seconds / 60)}:${two(Math.floor(seconds % 60))}`;

/** The time, and how long it has been. */
export function times(began) {
  const now = new Date();
  return [clock(now), since((now - began) / 1000)];
}

/**
 * Opens it. `keydown` gets its keys; `act(name)` does what its buttons say. Gives `{ show(state), close() }`, or
 * nothing where the browser opens no window.
 */
export function open({ keydown, act, closed }) {
  const win = globalThis.open('', 'layerlab-notes', 'popup,width=940,height=720');
  if (!win) return undefined;
  const page = win.document;
  page.documentElement.lang = lang();
  page.documentElement.dataset.theme = document.documentElement.dataset.theme;
  page.title = `${say('notesTitle')} · Layerlab`;
  page.head.replaceChildren(page.createElement('title'));
  page.title = `${say('notesTitle')} · Layerlab`;
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"]')) {
    const link = page.createElement('link');
    link.rel = 'stylesheet';
    link.href = sheet.href;
    page.head.append(link);
  }
  page.body.className = 'speaker';
  win.addEventListener('keydown', keydown);
  win.addEventListener('pagehide', closed);
  const buttons = [['back', 'talkBack'], ['next', 'talkNext'], ['type', 'typeIt'], ['reveal', 'talkReveal'], ['freeze', 'talkFreeze'], ['blank', 'talkBlank'], ['end', 'talkEnd']];
  const show = ({ slide, next, notes, place, command, typed, frozen, blank, began }) => {
    const [now, long] = times(began);
    const pressed = { freeze: frozen, blank };
    const controls = buttons.map(([name, words]) => el('button', {
      type: 'button', class: 'button', onclick: () => act(name),
      'aria-pressed': name in pressed ? String(Boolean(pressed[name])) : undefined,
    }, say(name === 'type' && typed ? 'runIt' : words)));
    const focused = [...page.querySelectorAll('.speaker__controls button')].indexOf(page.activeElement);
    page.body.replaceChildren(
      el('header', { class: 'speaker__head' }, el('span', {}, place),
        el('span', { class: 'speaker__clock' }, el('b', {}, now), ' ', el('span', {}, say('running', long)))),
      el('main', { class: 'speaker__main', tabindex: '0' },
        el('p', { class: 'eyebrow' }, say('thisSlide')), el('h1', {}, slide.title),
        el('p', { class: 'speaker__next' }, `${say('nextSlide')}: ${next?.title ?? say('theEnd')}`),
        el('p', {}, `${say('nextCommand')}: `, command ? el('code', {}, command) : say('noCommand')),
        ...slide.aside.map((one) => one.cloneNode(true)),
        ...(notes.length ? notes.map((one) => one.cloneNode(true)) : [el('p', {}, say('noNotes'))])),
      el('nav', { class: 'speaker__controls', 'aria-label': say('controls') }, ...controls),
    );
    if (focused >= 0) page.querySelectorAll('.speaker__controls button')[focused]?.focus();
  };
  const tick = () => {
    const [now, long] = times(began);
    const place = page.querySelector('.speaker__clock');
    place?.replaceChildren(el('b', {}, now), ' ', el('span', {}, say('running', long)));
  };
  let began = new Date();
  return {
    show: (state) => { began = state.began; show(state); },
    tick,
    focus: () => win.focus(),
    close: () => win.close(),
  };
}
