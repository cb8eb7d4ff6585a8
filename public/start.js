// Starts the app. A file of its own, because the page's policy allows no inline script.
const meta = (name) => document.querySelector(`meta[name="layerlab-${name}"]`);
const address = (name) => new URL(name, document.baseURI);

// The lesson's text is in the page already: in the language that the app will choose.
let chosen;
try {
  chosen = localStorage.getItem('layerlab.lang');
} catch {
  // This browser stores nothing.
}
const tags = [chosen, ...navigator.languages].filter((tag) => tag);
const lang = tags.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'de' || tag === 'en') ?? 'en';
for (const text of document.querySelectorAll('#first article')) {
  if (text.lang === lang) text.hidden = false;
  else text.remove();
}

// Machine and terminal load beside the app, not after it; src/machine/link.rs takes the worker over.
const start = address(meta('worker').content);
const worker = new Worker(start, { type: 'module', name: 'first' });
// Its program comes from here: it would ask for it only when all its scripts have come.
const program = WebAssembly.compileStreaming(fetch(new URL('layerlab-worker_bg.wasm', start)));
// Without it the worker tries for itself, and says what is wrong.
program.catch(() => null).then((module) => worker.postMessage(module));
const early = { worker, listening: false, error: null, taken: false, said: [], hear() {} };
const listening = new Promise((tell, fail) => {
  worker.addEventListener('error', fail);
  worker.onmessage = ({ data }) => {
    if (early.listening) { early.said.push(data); early.hear(data); }
    early.listening = true;
    tell();
  };
});
worker.onerror = (event) => { event.preventDefault(); early.error = event.message || 'not loaded'; };
listening.catch(() => {});
globalThis.layerlabWorker = early;
// If this fails, the app's own attempt says so.
const terminal = import(address(`${meta('vendor').content}/terminal.js`));
terminal.catch(() => {});

// The lesson too: what is asked for here is not asked for again (src/web.rs).
const [asked] = location.hash.slice(1).split(';');
const wanted = /^\d+[a-z]?-[a-z\d-]+$/.test(asked) ? asked : meta('lessons').dataset.first;
globalThis.layerlabFiles = {};
const file = (name) => address(`${meta('lessons').content}/${name}`);
const load = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return new Uint8Array(await answer.arrayBuffer());
};

const app = meta('app');
const loadApp = () => {
  for (const name of ['index.bin', `${wanted}.bin`]) {
    const bytes = load(file(name));
    // The app says so when it asks for it.
    bytes.catch(() => {});
    globalThis.layerlabFiles[file(name).href] = bytes;
  }
  return Promise.all([import(address(app.content)), fetch(address(app.dataset.wasm))]);
};
const loadFonts = () => { document.getElementById('fonts').media = 'all'; };

// Who comes for the first time has nothing to go on with: the machine starts, and is there to be used, while the app is
// on its way. That comes last, and takes over what the worker said (src/machine/link.rs) and the terminal
// (web/terminal.js). On a slow line the fonts wait, too.
async function openFirst() {
  if (location.hash.includes(';') || navigator.serviceWorker?.controller) return null;
  const databases = await indexedDB.databases();
  if (databases.length) return null;
  const lesson = load(file(`${wanted}.start.bin`));
  const opened = Promise.all([lesson, terminal]).then(([bytes, { openFirst: open }]) => open(early, bytes, listening));
  opened.catch(() => {});
  const patience = new Promise((tell) => { setTimeout(tell, 15_000); });
  terminal.then(() => performance.now() < 600 && loadFonts(), () => {});
  await Promise.race([Promise.all([terminal, listening]), patience]);
  loadFonts();
  const loaded = loadApp();
  loaded.catch(() => {});
  await Promise.race([opened, patience]);
  return loaded;
}
// If it fails, the app does all that.
const loaded = await openFirst().catch(() => null);
loadFonts();
const [{ default: init }, wasm] = await (loaded ?? loadApp());
await init({ module_or_path: wasm });
