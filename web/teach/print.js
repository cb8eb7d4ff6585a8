// The lesson as a hand-out.
import { el } from './dom.js';
import { load } from './lesson.js';
import { say } from './words.js';

/** Prints it; with solutions, answers, hints and the lecturer's notes where they are wanted. */
export async function print(solved) {
  const article = await load();
  for (const part of article.querySelectorAll('[data-right]')) {
    if (solved) part.append(el('strong', {}, ` (${say('right')})`));
  }
  if (solved) {
    for (const list of article.querySelectorAll('.choices--order')) {
      list.append(...[...list.children].sort((a, b) => a.dataset.place - b.dataset.place));
    }
  } else {
    const parts = '[data-solution], [data-why], [data-part="notes"], [data-of="solution"], [data-of="hints"], .hints';
    for (const part of article.querySelectorAll(parts)) part.remove();
  }
  const sheet = el('div', { class: 'handout' }, article);
  document.querySelector('.handout')?.remove();
  document.body.append(sheet);
  addEventListener('afterprint', () => sheet.remove(), { once: true });
  globalThis.print();
}
