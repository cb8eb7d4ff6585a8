// A slow line between browser and server. It is one for all connections, workers' too, which the browser's own
// emulation leaves out; and it counts.
import { connect, createServer } from 'node:net';

/** Bytes that stay together. */
const PIECE = 1460;

/**
 * `bits` a second each way and `trip` milliseconds there and back, to the server at `address`. Gives the `address`
 * at which the line begins; `received(time)`, the bytes that have come to the browser until then (milliseconds since 1970); and `close()`.
 */
export async function slowLine(address, { bits, trip }) {
  const target = new URL(address);
  const free = [0, 0];
  const sockets = new Set();
  const arrivals = [];
  const pass = (from, to, way) => {
    const queue = [];
    let timer;
    // A connection is there after a trip of its own.
    let opens = trip;
    const drain = () => {
      timer = undefined;
      while (queue.length && queue[0].due <= performance.now()) {
        const { piece } = queue.shift();
        if (way) arrivals.push([Date.now(), piece.length]);
        if (!to.destroyed) to.write(piece);
      }
      if (queue.length) timer = setTimeout(drain, queue[0].due - performance.now());
    };
    from.on('data', (data) => {
      for (let at = 0; at < data.length; at += PIECE) {
        const piece = data.subarray(at, at + PIECE);
        free[way] = Math.max(performance.now(), free[way]) + (piece.length * 8000) / bits;
        queue.push({ piece, due: free[way] + trip / 2 + (way ? 0 : opens) });
      }
      opens = 0;
      timer ??= setTimeout(drain, queue[0].due - performance.now());
    });
    from.on('close', () => { clearTimeout(timer); to.destroy(); });
    from.on('error', () => {});
    sockets.add(from);
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pass(near, far, 0);
    pass(far, near, 1);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const received = (time) => arrivals.reduce((sum, [at, bytes]) => (at <= time ? sum + bytes : sum), 0);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: address.replace(`:${target.port}/`, `:${server.address().port}/`), received, close };
}
