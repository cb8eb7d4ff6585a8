// The texts of texts.js in the page's language, which may change at any time.
import { texts } from './texts.js';

export const lang = () => (document.documentElement.lang === 'de' ? 'de' : 'en');

/** A text, with what belongs in its places. */
export function say(name, ...values) {
  const text = texts[name][lang() === 'de' ? 0 : 1];
  return text.replace(/\{(\d)\}/g, (_, place) => values[place]);
}

/** Acts now and whenever the page's language changes, until the function that it gives is called. */
export function inLanguage(act) {
  const watch = new MutationObserver(act);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
  act();
  return () => watch.disconnect();
}
