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
const early = { worker, listening: false, error: null };
worker.onmessage = () => { early.listening = true; };
worker.onerror = (event) => { event.preventDefault(); early.error = event.message || 'not loaded'; };
globalThis.layerlabWorker = early;
// If this fails, the app's own attempt says so.
import(address(`${meta('vendor').content}/terminal.js`)).catch(() => {});

// The lesson too: what is asked for here is not asked for again (src/web.rs).
const [asked] = location.hash.slice(1).split(';');
const wanted = /^\d+[a-z]?-[a-z\d-]+$/.test(asked) ? asked : meta('lessons').dataset.first;
globalThis.layerlabFiles = {};
for (const name of ['index.bin', `${wanted}.bin`]) {
  const file = address(`${meta('lessons').content}/${name}`);
  const bytes = fetch(file).then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status} ${file}`);
    return new Uint8Array(await answer.arrayBuffer());
  });
  // The app says so when it asks for it.
  bytes.catch(() => {});
  globalThis.layerlabFiles[file.href] = bytes;
}

const app = meta('app');
const { default: init } = await import(address(app.content));
await init({ module_or_path: address(app.dataset.wasm) });
