// Files from the person's own computer into the machine's home folder, and that folder as a zip. Loaded on demand
// (extras.js). The page's program (src/editor/exchange.rs) hears `layerlab-files`.
import { zipSync } from 'fflate';
import { el } from './teach/dom.js';
import { say } from './teach/words.js';

/** A larger file is not taken, bytes: it would be in the session's log for good. */
const LARGEST = 1 << 20;
/** Nor more of them at once. */
const MOST = 64;
/** Progress files in a folder. */
const CLASS = 1000;

const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

/** Says what was not taken, below the list of files. */
function tell(lines) {
  document.querySelector('.files__told')?.remove();
  if (!lines.length) return;
  const shut = el('button', { type: 'button', class: 'files__new', onclick: () => told.remove() }, say('close'));
  const told = el('div', { class: 'files__told', role: 'alert' }, ...lines.map((line) => el('p', {}, line)), shut);
  document.querySelector('.editor').before(told);
}

/** The files below what was dropped, an entry of a file system or a file: `[path, File]`. */
async function below(entry, path = '', most = MOST) {
  if (entry instanceof File) return [[entry.name, entry]];
  const name = path + entry.name;
  if (entry.isFile) return [[name, await new Promise((resolve, reject) => { entry.file(resolve, reject); })]];
  const reader = entry.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return all;
    for (const one of some) {
      if (all.length > most) return all;
      all.push(...await below(one, `${name}/`, most));
    }
  }
}

/** Takes `[path, File]` into the home folder; says what it does not take, and why. */
async function take(files) {
  const not = files.length > MOST ? [say('tooMany', MOST)] : [];
  for (const [path, file] of files.slice(0, MOST)) {
    if (file.size > LARGEST) {
      not.push(say('tooLarge', path, megabytes(file.size), megabytes(LARGEST)));
      continue;
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      dispatchEvent(new CustomEvent('layerlab-files', { detail: [path, bytes] }));
    } catch {
      not.push(say('notRead', path));
    }
  }
  tell(not);
}

/** What was dropped: the class view's while that is open (teach/classroom.js), else the machine's. */
async function drop(entries) {
  const room = document.querySelector('.classroom');
  const files = (await Promise.all(entries.map((entry) => below(entry, '', room ? CLASS : MOST)))).flat();
  if (room) room.dispatchEvent(new CustomEvent('layerlab-progress', { detail: files }));
  else await take(files);
}

function upload() {
  const input = el('input', { type: 'file', multiple: true, hidden: true });
  input.addEventListener('change', () => { take([...input.files].map((file) => [file.name, file])); input.remove(); });
  input.addEventListener('cancel', () => input.remove());
  document.body.append(input);
  input.click();
}

function zip() {
  const detail = [];
  dispatchEvent(new CustomEvent('layerlab-files', { detail }));
  const [all, ...files] = detail;
  const name = document.querySelector('.page').dataset.lesson || 'home';
  const inside = Object.fromEntries(files.map(([path, mode, bytes]) => [`${name}/${path}`, [bytes, { os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }]]));
  const known = new Set(files.map(([path]) => path));
  const missing = all.filter((path) => !known.has(path));
  if (!files.length) return tell([say('nothingToZip')]);
  const link = el('a', { href: URL.createObjectURL(new Blob([zipSync(inside)], { type: 'application/zip' })), download: `${name}.zip` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  tell(missing.length ? [say('leftOut', missing.join(', '))] : []);
}

const acts = { upload, zip, drop };

/** Does one of them. */
export const run = (name, ...given) => acts[name](...given);
