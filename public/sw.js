// Keeps one version of the page, whole, for use without a network: a tab never gets files of two.
// `cargo xtask build` fills in the version and the files.
const VERSION = '{version}';
const FILES = [/*files*/];

// Several pages of one host have a cache each.
const mine = `layerlab ${registration.scope} `;
const name = mine + VERSION;

// The next version waits until no tab uses this one.
addEventListener('install', (event) => event.waitUntil((async () => {
  const cache = await caches.open(name);
  // Names with a digest never change; the others are asked for anew.
  await cache.addAll(FILES.map((file) => new Request(file, { cache: /[-/][0-9a-f]{16}/.test(file) ? 'default' : 'no-cache' })));
})()));

addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const old of await caches.keys()) {
    if (old.startsWith(mine) && old !== name) await caches.delete(old);
  }
})()));

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  event.respondWith((async () => {
    const cache = await caches.open(name);
    const kept = await cache.match(request.mode === 'navigate' ? registration.scope : request);
    return kept ?? fetch(request);
  })());
});
