// Loads what not everybody needs (teach.js, files.js) when it is asked for: by a button with `data-extra`, by a key, or by files that are dropped.
import { is } from './keys.js';
import { due } from './missed.js';
import { note } from './tries.js';

const address = (name) => new URL(name, import.meta.url).href;
let style;

const files = ['upload', 'zip', 'drop'];

async function extra(name, ...given) {
  // Not before the styles: nothing is to be seen without them.
  style ??= new Promise((resolve) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href: address('./teach.css'), onload: resolve, onerror: resolve });
    document.head.append(link);
  });
  const [{ run }] = await Promise.all([import(address(files.includes(name) ? './files.js' : './teach.js')), style]);
  await run(name, ...given);
}

const waiting = setInterval(() => {
  const page = document.querySelector('.page');
  if (!page) return;
  // A page without a lesson never gets one.
  clearInterval(waiting);
  if (page.dataset.lesson && due(page.dataset.lesson).length) extra('again');
}, 500);

/** Whether keys go into a text. */
const types = (element) => element.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]');

addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-extra]');
  if (button) extra(button.dataset.extra);
});
// Files may fall anywhere: a browser that opened them instead would leave the page.
for (const name of ['dragover', 'drop']) {
  addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    // They are there only while it is dropped.
    if (name === 'drop') extra('drop', [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter(Boolean));
  }, true);
}
// The terminal takes its keys for itself: earlier than that.
addEventListener('keydown', ({ key, target }) => { if (key === 'Enter' && target.closest?.('.terminal__place')) note(1); }, true);
addEventListener('pagehide', () => note(0));
addEventListener('keydown', (event) => {
  if (is(event, 'page', 'print')) {
    event.preventDefault();
    extra('print');
  } else if (is(event, 'page', 'help') && !types(event.target) && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    extra('help');
  }
});
