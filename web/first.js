// The machine and its terminal before the app is there. What is said to the worker, and what it says, has the form of
// crates/protocol (postcard); of all messages these few are known here, and a test there holds them to it.

/** A number as postcard writes it: seven bits a byte, the lowest first. */
function varint(number) {
  const bytes = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A number and where it ends. */
function readVarint(bytes, at) {
  let [number, factor, end] = [0, 1, at];
  for (; bytes[end] > 127; end += 1, factor *= 128) number += (bytes[end] & 127) * factor;
  return [number + bytes[end] * factor, end + 1];
}

const BOOT = 0;
const KEY = 1;
const RESIZE = 2;
const OUTPUT = 1;

/** Opens a terminal in the page's first sight and, once the worker listens, starts the machine of a lesson, as
 * `start.bin` has it. */
export async function bootFirst(early, lesson, listening, makeTerminal) {
  const place = document.getElementById('first-terminal');
  const say = (...parts) => early.worker.postMessage(new Uint8Array(parts.flat()));
  const terminal = await makeTerminal(place, {
    onData: (bytes) => say(KEY, varint(bytes.length), [...bytes]),
    onResize: (rows, cols) => early.booted && say(RESIZE, varint(rows), varint(cols)),
  });
  await listening;
  // It took too long: the app has come, and does it.
  if (early.taken) return;
  early.hear = (bytes) => {
    if (bytes[0] !== OUTPUT) return;
    const [length, begin] = readVarint(bytes, 1);
    if (bytes[begin + length]) terminal.reset();
    terminal.write(bytes.slice(begin, begin + length));
  };
  document.getElementById('first').classList.add('page--first');
  globalThis.layerlabTerminal = terminal;
  Object.assign(early, { booted: true, rows: terminal.rows(), cols: terminal.cols() });
  const [seed] = crypto.getRandomValues(new Uint32Array(1));
  const date = Math.floor(Date.now() / 1000);
  const nothingSaved = 0;
  say(BOOT, [...lesson], varint(seed), varint(date), varint(terminal.rows()), varint(terminal.cols()), nothingSaved);
}
