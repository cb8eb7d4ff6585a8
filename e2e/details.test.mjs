// What is in the picture can be opened, by mouse and by keys; time can be stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, screen, type } from './machine.mjs';
import { openPage } from './page.mjs';

test('a container, image, network and volume tell what docker inspect tells', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('details');
  try {
    await prompt(page);
    await enter(page, 'docker network create appnet; docker volume create notes-data', 60_000);
    await enter(page, 'docker run -d --name web --network appnet -v notes-data:/data nginx:alpine', 60_000);
    const things = { web: '/web', 'nginx:alpine': '"RepoTags"', appnet: '"Subnet"', 'notes-data': '"Mountpoint"' };
    for (const [name, words] of Object.entries(things)) {
      await page.getByRole('button', { name: `${name}: details` }).focus();
      await page.keyboard.press('Enter');
      const sheet = page.getByRole('dialog');
      await sheet.getByText(words).first().waitFor();
      if (name === 'web') {
        assert.deepEqual(await breaches(page), []);
        await shot('container');
      }
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
    }
    await page.locator('.box').click({ position: { x: 40, y: 20 } });
    await page.getByText('docker container inspect web').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    // Looking leaves no trace.
    await enter(page, 'history | tail -n 2');
    assert.doesNotMatch(await screen(page), /inspect/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('time stands still, goes on by steps, and runs again', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('pause');
  try {
    await prompt(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await type(page, 'sleep 2; echo awake\n');
    await page.waitForTimeout(3500);
    assert.doesNotMatch(await screen(page), /^awake$/m);
    const awake = () => screen(page).then((text) => /^awake$/m.test(text));
    for (let steps = 0; steps < 60 && !await awake(); steps += 1) {
      await page.getByRole('button', { name: 'Step' }).click();
      await page.waitForTimeout(50);
    }
    assert.ok(await awake());
    await page.getByRole('button', { name: '1×' }).click();
    await enter(page, 'sleep 1; echo again');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
