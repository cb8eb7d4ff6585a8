// On a first visit the terminal is there before the app, and nothing is lost when that comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowLine } from './line.mjs';
import { enter, prompt, promptAlone, screen } from './machine.mjs';
import { openPage } from './page.mjs';

test('what is typed before the app is there is kept', { timeout: 120_000 }, async () => {
  const line = await slowLine(process.env.LAYERLAB_URL, { bits: 6e6, trip: 60 });
  const { page, problems, shot, close } = await openPage('first', { path: line.address });
  try {
    await promptAlone(page, 60_000);
    const isFirst = () => page.locator('#first').count().then((count) => count === 1);
    assert.ok(await isFirst(), 'the app is not there');
    await page.locator('.xterm-helper-textarea').focus();
    await page.keyboard.type('echo sum $((40 + 2))\n');
    await page.waitForFunction(() => /^sum 42$/m.test([...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent.trim()).join('\n')));
    await shot('early');
    assert.ok(await isFirst(), 'nor is it now');
    await page.keyboard.type(': ');
    let typed = '';
    const deadline = Date.now() + 40_000;
    for (let after = 0; after < 10 && Date.now() < deadline; after += await isFirst() ? 0 : 1) {
      const letter = String.fromCodePoint(97 + (typed.length % 26));
      await page.keyboard.press(letter);
      typed += letter;
      await page.waitForTimeout(40);
    }
    assert.ok(typed.length > 10 && typed.length < 900, `${typed.length} letters`);
    await page.waitForTimeout(500);
    const all = (await screen(page)).replaceAll(/\s/g, '');
    assert.ok(all.endsWith(`:${typed}`), `${typed} is not at the end of ${all}`);
    await page.keyboard.press('Enter');
    await enter(page, 'ls');
    // What was done before the app was there stands on the timeline, and in the store.
    await page.getByRole('button', { name: 'echo sum' }).waitFor();
    await page.reload();
    await prompt(page, 60_000);
    await page.getByText('Welcome back').waitFor();
    assert.match(await screen(page), /^sum 42$/m);
    assert.deepEqual(problems, []);
  } finally {
    await close();
    line.close();
  }
});

test('a machine that cannot be loaded does not keep the app away', { timeout: 60_000 }, async () => {
  const { page, close } = await openPage('first-none', {
    before: (page) => page.context().route('**/layerlab-worker_bg.wasm', (route) => route.abort()),
  });
  try {
    await page.getByText('The machine could not be loaded').waitFor();
    await page.getByRole('button', { name: 'Settings' }).waitFor();
  } finally {
    await close();
  }
});
