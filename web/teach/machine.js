// The page's machine, for who presents: typing at its terminal, its exercises.

/** Types at the terminal as a person does, a key at a time. */
export async function type(text) {
  const terminal = document.querySelector('.terminal__place');
  const pause = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 28;
  for (const key of text) {
    terminal.dispatchEvent(new CustomEvent('layerlab-type', { detail: key }));
    if (pause) await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
}

/** Shows an exercise in the page's own lesson, whose goals are then looked at. */
export const choose = (exercise) => document.querySelectorAll('.lesson__steps .step')[exercise]?.click();

/** The goals of the exercise that is shown: whether each is reached. */
export const goals = () => [...document.querySelectorAll('.lesson [data-goal]')].map((goal) => goal.classList.contains('goal--done'));

/** Acts when they change. */
export function onGoals(act) {
  const watch = new MutationObserver(act);
  watch.observe(document.querySelector('.lesson'), { subtree: true, attributes: true, attributeFilter: ['class'], childList: true });
  return () => watch.disconnect();
}
