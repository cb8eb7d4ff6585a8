// A question on a slide: hands are counted before it is told what is right.
import { el } from './dom.js';
import { say } from './words.js';

/** Makes the question on a slide one to vote on: `{ vote(index), reveal() }`; nothing without a question. */
export function poll(html) {
  const list = html.querySelector('.choices');
  if (!list) return undefined;
  const why = html.querySelector('[data-why]');
  if (why) why.hidden = true;
  const items = [...list.children];
  const ordered = list.classList.contains('choices--order');
  const counts = items.map(() => 0);
  const buttons = items.map((item, index) => {
    const words = item.textContent;
    const button = el('button', { type: 'button', class: 'talk__vote', 'aria-label': say('voteFor', words), onclick: () => vote(index) }, '0');
    item.replaceChildren(el('span', {}, ...item.childNodes), ...(ordered ? [] : [button]));
    return button;
  });
  function vote(index) {
    if (ordered || index >= items.length) return;
    counts[index] += 1;
    buttons[index].textContent = counts[index];
    buttons[index].title = say('votes', counts[index]);
  }
  function reveal() {
    if (ordered) list.append(...items.sort((a, b) => a.dataset.place - b.dataset.place));
    for (const item of items) {
      const right = ordered || item.hasAttribute('data-right');
      item.classList.toggle('talk__right', right);
      if (right && !ordered && !item.querySelector('.hidden')) item.append(el('span', { class: 'hidden' }, say('right')));
    }
    if (why) why.hidden = false;
  }
  return { vote, reveal };
}
