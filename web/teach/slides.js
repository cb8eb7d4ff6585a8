// A lesson's slides: one for each heading.
import { el } from './dom.js';

/** The commands of an exercise's way, else those that stand alone in the text. */
function commands(part) {
  const way = [...part.querySelectorAll('[data-line]')].map((line) => line.textContent);
  if (way.length) return way;
  const blocks = [...part.querySelectorAll('pre > code.language-sh, pre > code.language-console')];
  return blocks.flatMap((block) => block.textContent.split('\n').map((line) => line.replace(/^\$ /, '').trim()).filter(Boolean));
}

/** `{ title, part, html, exercise, commands, aside }`: `html` is what everybody sees, `aside` what only the speaker does. */
export function slides(article) {
  const all = [];
  let exercise = -1;
  const first = { title: article.querySelector('h1').textContent, html: el('div', {}), aside: [], commands: [], part: 'title', exercise };
  first.html.append(...article.querySelectorAll(':scope > .eyebrow, :scope > h1'));
  all.push(first);
  for (const section of article.querySelectorAll(':scope > section')) {
    const { part } = section.dataset;
    if (part === 'notes') continue;
    if (part === 'exercise') exercise += 1;
    const heading = section.querySelector('h2, h3');
    const slide = { part, exercise: part === 'exercise' ? exercise : -1, commands: commands(section), html: section, aside: [] };
    const own = section.querySelectorAll('[data-solution], .hints, [data-of="solution"], [data-of="hints"]');
    for (const one of own) {
      one.remove();
      slide.aside.push(one);
    }
    // A text before the first heading belongs to the title.
    if (!heading && all.length === 1) first.html.append(...section.childNodes);
    else all.push({ ...slide, title: heading?.textContent ?? '' });
  }
  return all;
}

/** The notes of the whole lesson. */
export const notesOf = (article) => [...article.querySelectorAll('[data-part="notes"]')];
