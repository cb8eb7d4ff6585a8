// How a class stands, from its students' files (progress.js) and a lesson's text (lesson.js).

/** More of them nobody reads in a lecture. */
const MOST = 15;

/** How far a student is with a lesson: `{ state, done, all, at, title }`; `at` counts from 1. */
export function standing(student, { slug, article, exercises }) {
  const known = student.lessons.get(slug);
  if (!known) return { state: 'none', done: 0 };
  if (!article) return { state: 'unknown', done: known.done.size };
  const left = exercises.findIndex((one) => !known.done.has(one.dataset.id));
  const done = exercises.filter((one) => known.done.has(one.dataset.id)).length;
  if (left < 0) return { state: 'done', done, all: exercises.length };
  return { state: 'at', done, all: exercises.length, at: left + 1, title: exercises[left].querySelector('h2').textContent };
}

/** The goals at which somebody typed: `open` are the students who have not reached it, `tried` how many typed at all. */
export function goalsOf(students, { slug, article, exercises }) {
  return exercises.flatMap((exercise, index) => [...exercise.querySelectorAll('.goals > [data-goal]')].map((goal) => {
    const id = `${exercise.dataset.id}.${goal.dataset.goal}`;
    const tried = students.map((one) => [one, one.lessons.get(slug)?.goals.get(id)]).filter(([, try_]) => try_?.lines > 0);
    const isOpen = ([one, { reached }]) => !reached && !one.lessons.get(slug).done.has(exercise.dataset.id);
    return {
      words: [...goal.cloneNode(true).childNodes], order: article.dataset.order, exercise: index + 1,
      title: exercise.querySelector('h2').textContent, open: tried.filter(isOpen).map(([one]) => one),
      tried: tried.length, lines: tried.reduce((sum, [, { lines }]) => sum + lines, 0),
    };
  }).filter(({ tried }) => tried));
}

/** The questions that somebody answered wrongly at first. */
export function questionsOf(students, { slug, article }) {
  if (!article) return [];
  const places = [...article.querySelectorAll('[data-part="quiz"], [data-guess]')].map((place) => [place, place.dataset.part === 'quiz'
    ? `quiz.${place.dataset.id}` : `guess.${place.closest('[data-part="exercise"]').dataset.id}`]);
  return places.map(([place, key]) => {
    const given = students.map((one) => [one, one.lessons.get(slug)?.answers.get(key)]).filter(([, answer]) => answer?.given || answer?.missed);
    const wrong = given.filter(([, { missed }]) => missed);
    const ordered = place.querySelector('.choices--order');
    // What was put right since is not known any more; an order has too many wrong forms to name one.
    const votes = new Map();
    for (const [, { chosen }] of ordered ? [] : wrong) {
      for (const number of chosen) {
        const choice = place.querySelector(`.choices > [data-place="${number}"]:not([data-right])`);
        if (choice) votes.set(choice, (votes.get(choice) ?? 0) + 1);
      }
    }
    const [most] = [...votes].sort(([, a], [, b]) => b - a);
    return {
      title: place.querySelector('h2, h3:not([data-of])').textContent, order: article.dataset.order,
      lesson: article.querySelector('h1').textContent, open: wrong.map(([one]) => one), tried: given.length, lines: wrong.length,
      chosen: most?.[0].textContent,
    };
  }).filter(({ open }) => open.length);
}

/** Those with most students first, then with most lines. */
export const count = (list) => list.sort((a, b) => b.open.length - a.open.length || b.lines - a.lines).slice(0, MOST);
