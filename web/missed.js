// Questions that were answered wrongly come back two lessons later. src/components/question.rs remembers answers:
// `layerlab.guess.04-ports.inside`, with `?` before one that was wrong once.
const name = (key) => `layerlab.${key}`;
const order = (slug) => parseInt(slug, 10);

/** Those whose turn it is in a lesson: `guess.04-ports.inside`. */
export const due = (slug) => Object.keys(localStorage)
  .filter((one) => /^layerlab\.(guess|quiz)\./.test(one) && localStorage[one].startsWith('?'))
  .map((one) => one.slice(name('').length))
  .filter((key) => order(key.split('.')[1]) + 2 <= order(slug))
  .sort();

/** It was answered: it need not come back. */
export const settle = (key) => localStorage.setItem(name(key), localStorage.getItem(name(key)).replace('?', ''));
