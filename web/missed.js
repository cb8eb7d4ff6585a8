// Questions that were answered wrongly come back two lessons later. src/components/question.rs remembers answers:
// `layerlab.guess.04-ports.inside`, with `?` before one that was wrong once.
const name = (key) => `layerlab.${key}`;
const order = (slug) => parseInt(slug, 10);

/** Those whose turn it is in a lesson: `guess.04-ports.inside`. */
export function due(slug) {
  try {
    return Object.keys(localStorage)
      .filter((one) => /^layerlab\.(guess|quiz)\./.test(one) && localStorage[one].startsWith('?'))
      .map((one) => one.slice(name('').length))
      .filter((key) => order(key.split('.')[1]) + 2 <= order(slug))
      .sort();
  } catch {
    // A browser that stores nothing knows of none.
    return [];
  }
}

/** It was answered: it need not come back. */
export function settle(key) {
  try {
    localStorage.setItem(name(key), localStorage.getItem(name(key)).replace('?', ''));
  } catch {
    // Then it comes back once more.
  }
}
