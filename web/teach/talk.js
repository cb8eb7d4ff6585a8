// Presenting: the lesson as slides, the live machine beside them. The page's own parts stay where they are; the
// style sheet gives them other places while `html` has `data-talk`.
import { is, which } from '../keys.js';
import { el } from './dom.js';
import { load } from './lesson.js';
import { choose, goals, onGoals, type } from './machine.js';
import { open, times } from './notes.js';
import { notesOf, slides } from './slides.js';
import { poll } from './vote.js';
import { inLanguage, say } from './words.js';

const root = document.documentElement;
let running = false;

export async function talk() {
  if (running) return;
  running = true;
  const before = document.activeElement;
  const began = new Date();
  let [all, notes, at, shown] = [[], [], 0, -1];
  let [typed, line, size, frozen, blank, speaker, vote] = [false, 0, 1, undefined, undefined, undefined, undefined];

  const slide = el('article', { class: 'talk__slide', tabindex: '-1', 'aria-live': 'polite' });
  const bar = el('div', { class: 'talk__bar', role: 'toolbar' });
  const stage = el('section', { class: 'talk' }, slide, bar);
  const clock = el('span', { class: 'talk__clock' });

  const command = () => all[at].commands[line];
  const state = () => ({
    slide: all[at], next: all[at + 1], notes, place: say('slideOf', at + 1, all.length), command: command(), typed, frozen, blank, began,
  });
  function show() {
    stage.setAttribute('aria-label', say('talkTitle'));
    if (shown !== at) {
      shown = at;
      slide.replaceChildren(all[at].html);
      slide.dataset.part = all[at].part;
      slide.scrollTop = 0;
      if (all[at].exercise >= 0) choose(all[at].exercise);
    }
    tickGoals();
    drawBar();
    speaker?.show(state());
  }
  function drawBar() {
    const focused = bar.contains(document.activeElement) && document.activeElement.dataset.act;
    const button = (act, words, sign, more = {}) => el('button', {
      type: 'button', class: 'button', 'data-act': act, 'aria-label': words, title: words, onclick: () => acts[act](), ...more,
    }, sign);
    bar.setAttribute('aria-label', say('controls'));
    bar.replaceChildren(
      button('back', say('talkBack'), '‹', { disabled: at === 0 }),
      el('span', { class: 'talk__place' }, `${at + 1} / ${all.length}`),
      button('next', say('talkNext'), '›', { disabled: at + 1 === all.length }),
      command() ? button('type', say(typed ? 'runIt' : 'talkType'), say(typed ? 'runIt' : 'typeIt')) : '',
      vote ? button('reveal', say('talkReveal'), say('talkReveal')) : '',
      el('span', { class: 'talk__gap' }),
      clock,
      button('notes', say('talkNotes'), say('notesTitle')),
      button('end', say('talkEnd'), '×'),
    );
    if (focused) bar.querySelector(`[data-act="${focused}"]`)?.focus();
  }
  function tickGoals() {
    if (all[at]?.exercise < 0) return;
    const reached = goals();
    slide.querySelectorAll('.goals > li').forEach((goal, index) => goal.classList.toggle('talk__reached', reached[index] ?? false));
  }
  function tick() {
    clock.textContent = times(began)[0];
    speaker?.tick();
  }
  function go(to) {
    const place = Math.max(0, Math.min(all.length - 1, to));
    if (place === at) return;
    [at, line, typed] = [place, 0, false];
    vote = votes(all[at]);
    show();
  }
  /** Votes last as long as the talk. */
  function votes(one) {
    one.vote ??= poll(one.html) ?? null;
    return one.vote;
  }
  function cover(old, name, ...inside) {
    if (old) {
      old.remove();
      return undefined;
    }
    const over = el('div', { class: `talk__${name}` }, ...inside);
    document.body.append(over);
    return over;
  }
  const scrolled = (by) => {
    const room = slide.scrollHeight - slide.clientHeight;
    const to = Math.max(0, Math.min(room, slide.scrollTop + by * slide.clientHeight * 0.8));
    if (Math.abs(to - slide.scrollTop) < 4) return false;
    slide.scrollTop = to;
    return true;
  };
  const acts = {
    // What does not fit comes before what follows.
    next: () => scrolled(1) || go(at + 1),
    back: () => scrolled(-1) || go(at - 1),
    first: () => go(0),
    last: () => go(all.length - 1),
    reveal: () => vote?.reveal(),
    larger: () => scale(size * 1.1),
    smaller: () => scale(size / 1.1),
    freeze: () => {
      // A copy of what is seen; below it all goes on.
      const picture = frozen ? undefined : document.querySelector('.page').cloneNode(true);
      for (const one of picture?.querySelectorAll('[id]') ?? []) one.removeAttribute('id');
      frozen = cover(frozen, 'frozen', ...(picture ? [picture, el('p', { class: 'talk__words' }, say('frozen'))] : []));
      if (frozen) frozen.inert = true;
      show();
    },
    blank: () => {
      blank = cover(blank, 'blank', el('p', { role: 'status' }, say('blanked')));
      if (blank) blank.addEventListener('click', acts.blank);
      show();
    },
    notes: () => {
      if (speaker) return speaker.focus();
      speaker = open({ keydown: (event) => hear(event), act: (name) => acts[name](), closed: () => { speaker = undefined; } });
      show();
    },
    type: async () => {
      if (!command()) return;
      if (typed) {
        typed = false;
        line += 1;
        await type('\r');
      } else {
        typed = true;
        await type(command());
      }
      show();
    },
    end: () => leave(),
  };
  function scale(to) {
    size = Math.max(0.7, Math.min(1.8, to));
    root.style.setProperty('--talk', size.toFixed(2));
  }
  const types = (target) => target.closest?.('.terminal, .cm-editor, input, textarea, select');
  function hear(event) {
    if (event.target.closest?.('dialog')) return;
    const clicker = event.key === 'PageDown' || event.key === 'PageUp';
    if (!clicker && types(event.target)) return;
    // A button's own keys stay its own.
    if ((event.key === ' ' || event.key === 'Enter') && event.target.closest?.('button, [data-kind]')) return;
    if (blank && !is(event, 'talk', 'end')) {
      acts.blank();
    } else {
      const number = which(event, 'talk', 'vote');
      const name = Object.keys(acts).find((one) => is(event, 'talk', one));
      if (number >= 0) vote?.vote(number);
      else if (name) acts[name]();
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  function leave() {
    running = false;
    removeEventListener('keydown', hear, true);
    for (const stop of stops) stop();
    clearInterval(timer);
    for (const one of [stage, frozen, blank]) one?.remove();
    const window = speaker;
    speaker = undefined;
    window?.close();
    delete root.dataset.talk;
    root.style.removeProperty('--talk');
    before?.focus?.();
  }

  async function read() {
    const article = await load();
    all = slides(article);
    notes = notesOf(article);
    shown = -1;
    vote = votes(all[at]);
    show();
  }
  await load();
  document.querySelector('.page__main').append(stage);
  root.dataset.talk = '';
  const timer = setInterval(tick, 1000);
  tick();
  const stops = [inLanguage(() => read()), onGoals(tickGoals)];
  addEventListener('keydown', hear, true);
  slide.focus();
}
