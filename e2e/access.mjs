// What a machine can judge about access: the rules that axe knows.
import { readFile } from 'node:fs/promises';

const axe = await readFile(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** The breaches of WCAG 2.2 AA that axe finds on the page as it is now. */
export async function breaches(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
    const of = (violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`;
    return result.violations.map(of);
  });
}
