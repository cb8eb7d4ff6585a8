// The sheet of shortcuts, from the table of keys.
import { keys, single } from '../keys.js';
import { dialog, el } from './dom.js';
import { texts } from './texts.js';
import { say } from './words.js';

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const called = (key) => (texts[`key${key}`] ? say(`key${key}`) : key.length === 1 ? key.toUpperCase() : key);

function press(keysOfOne) {
  const parts = keysOfOne.split(' ').map((step) => (step === '+' ? ['+'] : step.split('+')).map((key) => el('kbd', {}, called(key))));
  return parts.flatMap((part, index) => (index ? [' ', ...part] : part));
}

/** Digits one after the other need not all be named. */
const shown = (list) => (list.length > 6 ? [list[0], '…', list.at(-1)] : list);

export function shortcuts() {
  const groups = Object.entries(keys).map(([place, actions]) => el('section', { class: 'keys' },
    el('h3', {}, say(place)),
    el('dl', {}, ...Object.entries(actions).map(([name, list]) => el('div', {},
      el('dt', {}, say(place + capital(name))),
      el('dd', {}, ...shown(list).map((one) => (one === '…' ? ' … ' : el(one.length > 1 || single() ? 'span' : 's', { class: 'keys__press' }, ...press(one))))))))));
  const off = single() ? [] : [el('p', {}, say('keysOff'))];
  dialog(say('keysTitle'), say('close'), ...off, el('div', { class: 'keys__all' }, ...groups));
}
