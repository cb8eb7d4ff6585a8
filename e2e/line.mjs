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
  const sockets = new Set();
  const arrivals = [];
  /** Each way: who has something to send, and when the line is free. */
  const ways = [0, 1].map(() => ({ waiting: [], free: 0, timer: undefined }));
  /** Connections take turns, a piece each: none waits behind all that another one sends. */
  const turn = (way) => {
    way.timer = undefined;
    const now = performance.now();
    // A line that was idle has not saved anything, but for a timer that came late.
    way.free = Math.max(way.free, now - 20);
    while (way.waiting.length && way.free <= now) {
      const one = way.waiting.shift();
      const piece = one.pieces.shift();
      if (one.pieces.length) way.waiting.push(one);
      way.free += (piece.length * 8000) / bits;
      one.under.push(piece);
      setTimeout(one.arrive, way.free - now + trip / 2 + one.opens);
      one.opens = 0;
    }
    if (way.waiting.length) way.timer = setTimeout(turn, way.free - performance.now(), way);
  };
  const pass = (from, to, way, counts) => {
    const one = {
      pieces: [],
      under: [],
      // A connection is there after a trip of its own.
      opens: counts ? 0 : trip,
      arrive: () => {
        const piece = one.under.shift();
        if (counts) arrivals.push([Date.now(), piece.length]);
        if (!to.destroyed) to.write(piece);
      },
    };
    from.on('data', (data) => {
      if (!one.pieces.length) way.waiting.push(one);
      for (let at = 0; at < data.length; at += PIECE) one.pieces.push(data.subarray(at, at + PIECE));
      way.timer ??= setTimeout(turn, 0, way);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => {});
    sockets.add(from);
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pass(near, far, ways[0], false);
    pass(far, near, ways[1], true);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const received = (time) => arrivals.reduce((sum, [at, bytes]) => (at <= time ? sum + bytes : sum), 0);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: address.replace(`:${target.port}/`, `:${server.address().port}/`), received, close };
}
