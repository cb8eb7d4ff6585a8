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
const worker = new Worker(address(meta('worker').content), { type: 'module' });
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
for (const name of ['index.bin', `${wanted}.bin`]) {
  const bytes = load(file(name));
  // The app says so when it asks for it.
  bytes.catch(() => {});
  globalThis.layerlabFiles[file(name).href] = bytes;
}

// Who comes for the first time has nothing to go on with: the machine starts, and is there to be used, before the app
// is loaded. That takes over what the worker said (src/machine/link.rs) and the terminal (web/terminal.js).
async function openFirst() {
  const databases = await indexedDB.databases();
  if (location.hash.includes(';') || databases.length) return;
  const [lesson, bundle] = await Promise.all([load(file(`${wanted}.start.bin`)), terminal, listening]);
  await bundle.openFirst(early, lesson);
}
// If it fails, the app does all that.
await openFirst().catch(() => {});

const app = meta('app');
const { default: init } = await import(address(app.content));
await init({ module_or_path: address(app.dataset.wasm) });
