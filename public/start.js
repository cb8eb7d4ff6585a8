// Starts the app. A file of its own, because the page's policy allows no inline script.
const app = document.querySelector('meta[name="layerlab-app"]');
const address = (name) => new URL(name, document.baseURI);
const { default: init } = await import(address(app.content));
await init({ module_or_path: address(app.dataset.wasm) });
