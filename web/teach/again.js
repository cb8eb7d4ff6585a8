// A question of two lessons ago or more that was answered wrongly, before today's text.
import { due, settle } from '../missed.js';
import { el } from './dom.js';
import { here, load } from './lesson.js';
import { inLanguage, say } from './words.js';

/** Where the question is in a lesson. */
function find(article, key) {
  const [kind, , id] = key.split('.');
  if (kind === 'quiz') return article.querySelector(`[data-part="quiz"][data-id="${CSS.escape(id)}"]`);
  return article.querySelector(`[data-part="exercise"][data-id="${CSS.escape(id)}"] [data-guess]`);
}

/** Shows the first whose turn it is, if any. */
export function again() {
  const [key] = due(here());
  if (!key) return;
  const [, slug] = key.split('.');
  const card = el('section', { class: 'question again' });
  // What was chosen, by place; it outlives a change of language.
  let chosen = [];
  let given = false;

  async function show() {
    const article = await load(slug);
    const question = find(article, key);
    // The lesson has it no more.
    if (!question) return settle(key);
    const list = question.querySelector('.choices');
    const [ordered, many] = ['order', 'multiple'].map((kind) => list.classList.contains(`choices--${kind}`));
    const why = question.querySelector('[data-why]');
    question.querySelector('.eyebrow')?.remove();
    const title = say('again', article.dataset.order, article.querySelector('h1').textContent);
    card.setAttribute('aria-label', title);
    const items = [...list.children];
    const byPlace = new Map(items.map((item) => [Number(item.dataset.place), item]));
    if (ordered && chosen.length === 0) chosen = items.map((item) => Number(item.dataset.place));
    const put = () => list.append(...chosen.map((place) => byPlace.get(place)));
    const move = (place, by) => {
      const [from, to] = [chosen.indexOf(place), chosen.indexOf(place) + by];
      if (to < 0 || to >= chosen.length || given) return;
      [chosen[from], chosen[to]] = [chosen[to], chosen[from]];
      put();
    };
    for (const item of items) {
      const place = Number(item.dataset.place);
      const words = el('span', {}, ...item.childNodes);
      const arrow = (sign, name, by) => el('button', { type: 'button', class: 'button button--icon', 'aria-label': say(name), onclick: () => move(place, by) }, sign);
      const input = el('input', { type: many ? 'checkbox' : 'radio', name: 'again', onchange: () => choose(place, many) });
      input.checked = chosen.includes(place);
      item.append(ordered
        ? el('span', { class: 'choice choice--line' }, words, arrow('↑', 'moveUp', -1), arrow('↓', 'moveDown', 1))
        : el('label', { class: 'choice' }, input, words));
    }
    if (ordered) put();
    const give = el('button', { type: 'button', class: 'button question__give', onclick: () => { given = true; tell(); } }, say('giveAnswer'));
    const verdict = el('div', { 'aria-live': 'polite' });
    const enable = () => { give.disabled = chosen.length === 0; };
    function choose(place, several) {
      if (!several) chosen = [place];
      else if (chosen.includes(place)) chosen = chosen.filter((one) => one !== place);
      else chosen.push(place);
      enable();
    }
    function tell() {
      const isRight = (place) => byPlace.get(place).hasAttribute('data-right');
      const right = ordered
        ? chosen.every((place, index) => place === index)
        : [...byPlace.keys()].every((place) => isRight(place) === chosen.includes(place));
      for (const item of items) {
        const place = Number(item.dataset.place);
        const good = ordered ? chosen[place] === place : isRight(place);
        item.classList.toggle('choice--right', good);
        item.classList.toggle('choice--wrong', !good && chosen.includes(place));
        for (const control of item.querySelectorAll('input, button')) control.disabled = true;
      }
      give.remove();
      why.className = 'prose question__why';
      verdict.append(el('p', { class: `question__verdict${right ? ' question__verdict--right' : ''}` }, say(right ? 'againDone' : 'againMissed')), why);
      if (right) settle(key);
    }
    why.remove();
    question.querySelector('h2, h3')?.replaceWith(el('h2', {}, question.querySelector('h2, h3').textContent));
    card.replaceChildren(el('p', { class: 'lesson__eyebrow' }, title), ...question.childNodes, give, verdict);
    enable();
    if (given) tell();
  }
  inLanguage(() => show());
  document.querySelector('.lesson__steps').before(card);
}
