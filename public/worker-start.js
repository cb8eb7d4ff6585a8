// Starts the worker's program, which the page loads for its first worker (start.js); a later one loads it itself. A
// failure is thrown outside the promise, so that the page gets the worker's `error` event.
import init from './layerlab-worker.js';

const given = new Promise((tell) => { self.onmessage = ({ data }) => tell(data); });
const program = self.name === 'first' ? await given : null;
init(program ? { module_or_path: program } : undefined).catch((error) => setTimeout(() => { throw error; }));
