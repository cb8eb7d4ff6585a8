// A session as bytes, as text of a link, and as a QR code. Loaded when somebody shares or follows a link.
import { correction, generate } from 'lean-qr';

async function through(bytes, stream, limit) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new Error(`more than ${limit} bytes`);
    }
    parts.push(value);
  }
}

/// The zlib form (RFC 1950): its checksum finds what was damaged.
export const deflate = (bytes) => through(bytes, new CompressionStream('deflate'), Infinity);
/// The way back; fails where it would give more than `limit` bytes.
export const inflate = (bytes, limit) => through(bytes, new DecompressionStream('deflate'), limit);

/// base64url (RFC 4648, section 5), without padding.
export function toText(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(parts.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/// The way back; fails where it is no such text.
export const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

/// A QR code as an SVG path: `{ size, path }`, a unit a module; nothing if the text is too long for one.
export function qr(text) {
  let code;
  try {
    code = generate(text, { minCorrectionLevel: correction.L });
  } catch {
    return undefined;
  }
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      let wide = 0;
      while (code.get(x + wide, y)) wide += 1;
      if (wide) path += `M${x} ${y}h${wide}v1h-${wide}z`;
      x += wide;
    }
  }
  return { size: code.size, path };
}
