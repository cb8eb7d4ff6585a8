// What not everybody needs: printing, presenting, the sheet of shortcuts, questions that come back. Loaded on demand (extras.js); it works
// on the page as it stands there, and on the lesson as xtask wrote it.
import './teach/teach.css';
import { again } from './teach/again.js';
import { dialog, el } from './teach/dom.js';
import { print } from './teach/print.js';
import { shortcuts } from './teach/shortcuts.js';
import { talk } from './teach/talk.js';
import { say } from './teach/words.js';

function menu() {
  const choice = (name, act) => el('button', { type: 'button', class: 'button', onclick: () => { sheet.close(); run(act); } }, say(name));
  const part = (name, ...inside) => el('section', { class: 'teach__part' }, el('h3', {}, say(`${name}Title`)), ...inside);
  const words = (name) => el('p', {}, say(name));
  const sheet = dialog(say('more'), say('close'),
    part('talk', words('talkWhat'), choice('talkStart', 'talk')),
    part('print', words('printWhat'), el('div', { class: 'teach__row' }, choice('printPlain', 'print'), choice('printSolved', 'solved'))),
    part('keys', choice('keysTitle', 'help')));
}

const acts = { menu, help: shortcuts, print: () => print(false), solved: () => print(true), talk, again };

/** Does one of them; says so where it cannot. */
export async function run(name) {
  try {
    await acts[name]();
  } catch (error) {
    dialog(say('more'), say('close'), el('p', { role: 'alert' }, `${say('failed')} (${error.message})`));
  }
}
