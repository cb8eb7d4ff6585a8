// Once it was there, the page needs no network any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, prompt, screen } from './machine.mjs';
import { openPage } from './page.mjs';

test('a reload without a network brings the page and its session back', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('offline');
  try {
    await prompt(page);
    await enter(page, 'echo kept > kept.txt');
    // All files are there.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.context().setOffline(true);
    await page.reload();
    await prompt(page);
    await enter(page, 'cat kept.txt');
    assert.match(await screen(page), /^kept$/m);
    // What comes only when it is needed is there, too.
    await enter(page, 'docker run --rm python:3.11-slim python -c "print(6 * 7)"', 60_000);
    assert.match(await screen(page), /^42$/m);
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('button', { name: 'main.py' }).click();
    await page.locator('.cm-content').waitFor();
    await shot('editor');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
