// The lesson whole, as xtask wrote it (`<slug>.<language>.html`).
import { el } from './dom.js';
import { lang, say } from './words.js';

/** The folder's name of the page's lesson. */
export const here = () => document.querySelector('.page[data-lesson]')?.dataset.lesson ?? '';

/** A lesson's `article` in the page's language. */
export async function load(slug = here()) {
  const folder = document.querySelector('meta[name="layerlab-lessons"]');
  const answer = await fetch(new URL(`${folder.content}/${slug}.${lang()}.html`, document.baseURI));
  if (!answer.ok) throw new Error(`${answer.status}`);
  const place = el('template');
  place.innerHTML = await answer.text();
  const article = place.content.firstElementChild;
  // What the lesson's text does not say itself.
  const exercises = [...article.querySelectorAll('[data-part="exercise"]')];
  article.prepend(el('p', { class: 'eyebrow' }, say('lesson', article.dataset.order, article.dataset.minutes)));
  exercises.forEach((part, index) => part.prepend(el('p', { class: 'eyebrow' }, say('exercise', index + 1, exercises.length))));
  for (const part of article.querySelectorAll('[data-part="quiz"]')) part.prepend(el('p', { class: 'eyebrow' }, say('question')));
  for (const [select, name] of [['.goals', 'goals'], ['.hints', 'hints'], ['[data-solution]', 'solution']]) {
    for (const part of article.querySelectorAll(select)) {
      if (part.childElementCount) part.before(el('h3', { 'data-of': name }, say(name)));
      else part.remove();
    }
  }
  // Lines to be put into order stand in an order that is not the right one.
  for (const list of article.querySelectorAll('.choices--order')) {
    const lines = [...list.children];
    list.append(...lines.filter((_, at) => at % 2 === 1), ...lines.filter((_, at) => at % 2 === 0));
  }
  return article;
}
