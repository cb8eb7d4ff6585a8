// What not everybody needs: printing, presenting, progress files and the class view, shortcuts, questions that come back. Loaded on demand (extras.js); it works
// on the page as it stands there, and on the lesson as xtask wrote it.
import './teach/teach.css';
import { again } from './teach/again.js';
import { classroom } from './teach/classroom.js';
import { dialog, el } from './teach/dom.js';
import { print } from './teach/print.js';
import { who, write } from './teach/progress.js';
import { shortcuts } from './teach/shortcuts.js';
import { talk } from './teach/talk.js';
import { say } from './teach/words.js';

/** Saves one's own progress as a file (progress.js). */
function save() {
  const name = el('input', { type: 'text', class: 'teach__field', maxlength: '80', autocomplete: 'name', value: who().name });
  const told = el('p', { role: 'status' });
  const give = (event) => {
    event.preventDefault();
    const file = new Blob([write(name.value)], { type: 'application/json' });
    const whose = name.value.trim().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
    const link = el('a', { href: URL.createObjectURL(file), download: `layerlab-${whose || 'progress'}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    told.textContent = say('savedAs', link.download);
  };
  return el('form', { class: 'teach__part', onsubmit: give },
    el('div', { class: 'teach__row' }, el('label', { class: 'teach__label' }, say('yourName'), name), el('button', { class: 'button' }, say('saveProgress'))), told);
}

function menu() {
  const choice = (name, act) => el('button', { type: 'button', class: 'button', onclick: () => { sheet.close(); run(act); } }, say(name));
  const part = (name, ...inside) => el('section', { class: 'teach__part' }, el('h3', {}, say(`${name}Title`)), ...inside);
  const words = (name) => el('p', {}, say(name));
  const sheet = dialog(say('more'), say('close'),
    part('talk', words('talkWhat'), choice('talkStart', 'talk')),
    part('print', words('printWhat'), el('div', { class: 'teach__row' }, choice('printPlain', 'print'), choice('printSolved', 'solved'))),
    part('progress', words('progressWhat'), save()),
    part('class', words('classWhat'), choice('classOpen', 'classroom')),
    part('keys', choice('keysTitle', 'help')));
}

const acts = { menu, help: shortcuts, classroom, print: () => (document.querySelector('.classroom') ? globalThis.print() : print(false)), solved: () => print(true), talk, again };

/** Does one of them; says so where it cannot. */
export async function run(name) {
  try {
    await acts[name]();
  } catch (error) {
    dialog(say('more'), say('close'), el('p', { role: 'alert' }, `${say('failed')} (${error.message})`));
  }
}
