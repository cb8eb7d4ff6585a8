// What the page asks of the browser where JavaScript says it shorter: loading, locks, storing. One file, one request.

export const import_module = (address) => import(address);

export const hold_lock = (name) => new Promise((tell) => {
  if (!navigator.locks) return tell(true);
  const hold = (lock) => { tell(lock !== null); return lock && new Promise(() => {}); };
  navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => tell(true));
});

const bytes = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return new Uint8Array(await answer.arrayBuffer());
};
export const file = (address) => globalThis.layerlabFiles?.[address] ?? bytes(address);

// What could not be stored lasts as long as the page; web/teach/progress.js reads it, too.
const unstored = globalThis.layerlabUnstored = new Map();

export const remembered = (key) => {
  try {
    return unstored.get(key) ?? localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
};

// Tries all again that could not be stored before.
export const remember = (key, value) => {
  unstored.set(key, value);
  try {
    for (const [name, text] of unstored) {
      localStorage.setItem(name, text);
      unstored.delete(name);
    }
  } catch {
    dispatchEvent(new Event('layerlab-unstored'));
  }
};

export const open_database = (name) => new Promise((resolve, reject) => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('parts');
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// For each range of keys (from, to) a list of values, all of one moment.
export const read_parts = (database, ranges) => new Promise((resolve, reject) => {
  const transaction = database.transaction('parts');
  const found = ranges.map(([from, to]) => transaction.objectStore('parts').getAll(IDBKeyRange.bound(from, to)));
  transaction.oncomplete = () => resolve(found.map((request) => request.result));
  transaction.onabort = () => reject(transaction.error);
});

// Writes all (key, value), in order, or nothing. Without a value all keys go that begin with it.
export const write_parts = (database, pairs) => new Promise((resolve, reject) => {
  const transaction = database.transaction('parts', 'readwrite');
  transaction.oncomplete = resolve;
  // A full disk often shows only now.
  transaction.onabort = () => reject(transaction.error);
  try {
    const parts = transaction.objectStore('parts');
    for (const [key, value] of pairs) {
      if (value === undefined) parts.delete(IDBKeyRange.bound(key, `${key}~`));
      else parts.put(value, key);
    }
    transaction.commit?.();
  } catch (error) {
    reject(error);
    transaction.abort();
  }
});
