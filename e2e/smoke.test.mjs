// The page starts: no error, nothing that its policy had to stop, and a prompt soon.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prompt, screen } from './machine.mjs';
import { openPage } from './page.mjs';

test('the page shows its lesson and a prompt', async () => {
  const { page, problems, close } = await openPage('smoke', { rest: 2000 });
  try {
    await page.locator('h1').waitFor();
    await prompt(page);
    const since = await page.evaluate(() => Math.round(performance.now()));
    assert.match(await screen(page), /student@layerlab:~\$$/);
    // The page itself has nothing to scroll: what is too long scrolls in its panel.
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true);
    console.log(`prompt after ${since} ms`);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
