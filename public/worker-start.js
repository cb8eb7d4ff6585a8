// Starts the worker's program. A failure is thrown outside the promise, so that the page gets
// the worker's `error` event.
import init from './layerlab-worker.js';

init().catch((error) => setTimeout(() => { throw error; }));
