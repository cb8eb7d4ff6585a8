// The class view: progress files of students (progress.js), dropped or chosen, as tables: who is where, at which goals
// people are stuck, what was answered wrongly. Nothing is stored and nothing is sent: it lasts as long as the page.
import { el } from './dom.js';
import { load } from './lesson.js';
import { LARGEST, Refused, read } from './progress.js';
import { count, goalsOf, questionsOf, standing } from './standing.js';
import { inLanguage, lang, say } from './words.js';

/** The latest file of each student: `{ student, name, saved, lessons, file }`. */
const students = new Map();
/** Files that were not taken: a function gives the words. */
let refused = [];
let sorted = { by: 'name', down: false };

const hidden = (words) => el('span', { class: 'hidden' }, words);
const day = (date) => date.toLocaleDateString(lang(), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const nameOf = (one) => one.name || say('noName', one.file);
const byName = (a, b) => nameOf(a).localeCompare(nameOf(b), lang());

/** The lessons that somebody has begun, in their order: slug and the lesson's text; none where this page has it not. */
async function begun() {
  const slugs = [...new Set([...students.values()].flatMap((one) => [...one.lessons.keys()]))];
  slugs.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return Promise.all(slugs.map(async (slug) => {
    const article = /^\d+[a-z]?-[a-z\d-]+$/.test(slug) ? await load(slug).catch(() => undefined) : undefined;
    return { slug, article, exercises: [...article?.querySelectorAll('[data-part="exercise"]') ?? []] };
  }));
}

/** Takes files; says which it does not take, and why. */
async function take(files) {
  refused = [];
  for (const [path, file] of files) {
    const not = (name, ...more) => refused.push(() => say(name, path, ...more.map(day)));
    try {
      if (file.size > LARGEST) throw new Refused('foreignFile');
      const one = { ...read(await file.text()), file: path };
      const old = students.get(one.student);
      if (old && old.saved > one.saved) not('olderFile', old.saved);
      else students.set(one.student, one);
    } catch (error) {
      not(error instanceof Refused ? error.message : 'notRead');
    }
  }
}

function heading(name, words) {
  const on = sorted.by === name;
  const sort = () => { sorted = { by: name, down: on ? !sorted.down : name !== 'name' }; };
  return el('th', { scope: 'col', 'aria-sort': on ? (sorted.down ? 'descending' : 'ascending') : undefined },
    el('button', { type: 'button', class: 'classroom__sort', 'data-sort': name, onclick: () => { sort(); draw(); } },
      words, el('span', { 'aria-hidden': 'true' }, on ? (sorted.down ? ' ↓' : ' ↑') : ' ↕')));
}

/** Who is where. */
function places(lessons) {
  const rows = [...students.values()].map((one) => ({ one, at: lessons.map((lesson) => standing(one, lesson)) }));
  const total = (row) => row.at.reduce((sum, { done }) => sum + done, 0);
  rows.sort((a, b) => (sorted.by === 'done' ? total(a) - total(b) || byName(a.one, b.one) : byName(a.one, b.one)));
  if (sorted.down) rows.reverse();
  const cell = ({ state, done, all, at, title }) => {
    if (state === 'none') return el('td', { class: 'classroom__none' }, el('span', { 'aria-hidden': 'true' }, '–'), hidden(say('notBegun')));
    if (state === 'done') return el('td', { class: 'classroom__done' }, el('span', { 'aria-hidden': 'true' }, '✓'), hidden(say('lessonDone')));
    if (state === 'unknown') return el('td', {}, String(done));
    return el('td', { class: 'classroom__at', title }, el('span', { 'aria-hidden': 'true' }, `${at}/${all}`), hidden(`${say('atExercise', at, all)}: ${title}`));
  };
  const top = ({ article, slug }) => el('th', { scope: 'col' }, ...(article
    ? [el('b', {}, article.dataset.order), el('span', {}, article.querySelector('h1').textContent)]
    : [el('span', {}, say('unknownLesson', slug))]));
  return el('table', { class: 'classroom__places' },
    el('caption', {}, say('whoIsWhere')),
    el('thead', {}, el('tr', {}, heading('name', say('student')), heading('done', say('exercisesDone')), ...lessons.map(top))),
    el('tbody', {}, ...rows.map((row) => el('tr', {},
      el('th', { scope: 'row' }, nameOf(row.one), el('small', {}, say('asOf', day(row.one.saved)))),
      el('td', {}, String(total(row))), ...row.at.map(cell)))),
    el('tfoot', {}, el('tr', {}, el('th', { scope: 'row' }, say('haveDone')), el('td', {}),
      ...lessons.map((_, index) => el('td', {}, say('ofAll', rows.filter((row) => row.at[index].state === 'done').length, rows.length))))));
}

const names = (list) => [...list].sort(byName).map(nameOf).join(', ');
const table = (title, heads, rows) => el('table', { class: 'classroom__list' }, el('caption', {}, title),
  el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
  el('tbody', {}, ...rows.map((cells) => el('tr', {}, ...cells.map((cell, index) => el(index ? 'td' : 'th', index ? {} : { scope: 'row' }, cell))))));

/** The goals at which people are stuck, most first. */
function goals(lessons) {
  const all = count(lessons.flatMap((lesson) => goalsOf([...students.values()], lesson)));
  if (!all.length) return el('p', {}, say('nobodyStuck'));
  return table(say('stuckTitle'), [say('goal'), say('openFor'), say('lines'), say('whoIsIt')], all.map((goal) => [
    [el('span', {}, ...goal.words), el('small', {}, say('placeOf', goal.order, goal.exercise, goal.title))],
    say('ofAll', goal.open.length, goal.tried), String(goal.lines), names(goal.open) || '–',
  ]));
}

/** Questions that were answered wrongly, most first. */
function questions(lessons) {
  const all = count(lessons.flatMap((lesson) => questionsOf([...students.values()], lesson)));
  if (!all.length) return el('p', {}, say('nothingWrong'));
  return table(say('wrongTitle'), [say('question'), say('wrongFor'), say('mostChosen'), say('whoIsIt')], all.map((one) => [
    [el('span', {}, one.title), el('small', {}, say('lessonOf', one.order, one.lesson))],
    say('ofAll', one.open.length, one.tried), one.chosen ?? '–', names(one.open),
  ]));
}

let sheet;
let drawn = 0;

async function draw() {
  const mine = drawn += 1;
  const lessons = await begun();
  // Another change came meanwhile, or it was closed.
  if (mine !== drawn || !sheet) return;
  const body = sheet.querySelector('.classroom__body');
  const focused = body.contains(document.activeElement) && document.activeElement.dataset.sort;
  const told = sheet.querySelector('.classroom__told');
  told.replaceChildren(...refused.map((words) => el('p', {}, words())));
  sheet.setAttribute('aria-label', say('classTitle'));
  sheet.querySelector('.classroom__head').replaceChildren(...head());
  sheet.querySelector('[role="status"]').textContent = students.size ? say('studentsHere', students.size) : '';
  const region = (name, content) => el('div', { class: 'classroom__wide', role: 'region', tabindex: '0', 'aria-label': say(name) }, content);
  body.replaceChildren(...(students.size ? [
    region('whoIsWhere', places(lessons)),
    el('p', { class: 'classroom__legend' }, say('legend')),
    region('stuckTitle', goals(lessons)),
    region('wrongTitle', questions(lessons)),
  ] : [el('p', { class: 'classroom__empty' }, say('dropHere'))]));
  if (focused) body.querySelector(`[data-sort="${focused}"]`)?.focus();
}

async function add(files) {
  await take(files);
  await draw();
}

function choose() {
  const input = el('input', { type: 'file', multiple: true, accept: '.json', hidden: true });
  input.addEventListener('change', () => { add([...input.files].map((file) => [file.name, file])); input.remove(); });
  input.addEventListener('cancel', (event) => { event.stopPropagation(); input.remove(); });
  sheet.append(input);
  input.click();
}

function head() {
  const focused = document.activeElement?.dataset.act;
  const button = (name, act, more = {}) => {
    const one = el('button', { type: 'button', class: 'button', 'data-act': name, onclick: act, ...more }, say(name));
    if (focused === name) queueMicrotask(() => one.focus());
    return one;
  };
  return [
    el('h2', {}, say('classTitle')),
    button('chooseFiles', choose, { class: 'button button--primary', autofocus: true }),
    button('printIt', () => globalThis.print(), { disabled: !students.size }),
    button('clearAll', () => { students.clear(); refused = []; draw(); }, { disabled: !students.size }),
    button('close', () => sheet.close()),
  ];
}

export function classroom() {
  if (sheet) return;
  sheet = el('dialog', { class: 'classroom', 'aria-label': say('classTitle') },
    el('header', { class: 'classroom__head' }, ...head()),
    el('p', { class: 'classroom__what' }, say('classHow')),
    el('p', { role: 'status', class: 'hidden' }),
    el('div', { class: 'classroom__told', role: 'alert' }),
    el('div', { class: 'classroom__body' }));
  // What files.js hears falling while this is open.
  sheet.addEventListener('layerlab-progress', (event) => add(event.detail));
  document.body.append(sheet);
  const stop = inLanguage(() => { sheet.querySelector('.classroom__what').textContent = say('classHow'); draw(); });
  sheet.addEventListener('close', () => {
    stop();
    sheet.remove();
    sheet = undefined;
  });
  sheet.showModal();
}
