// Questions that were answered wrongly come back two lessons later (src/lessons.rs notes them: `remember_missed`).
const name = 'layerlab.missed';
const order = (slug) => parseInt(slug, 10);
const missed = () => (localStorage.getItem(name) ?? '').split(' ').filter(Boolean);
/** Those whose turn it is in a lesson: `guess.04-ports.inside`. */
export const due = (slug) => missed().filter((key) => order(key.split('.')[1]) + 2 <= order(slug));
/** It was answered: it need not come back. */
export const settle = (key) => localStorage.setItem(name, missed().filter((one) => one !== key).join(' '));
