// A command can be watched step by step, as the machine was then; the machine itself does not notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, type } from './machine.mjs';
import { openPage } from './page.mjs';

/** All steps in words, from the first on; `see(words)` after each. */
async function watchAll(page, see = async () => {}) {
  const words = page.locator('.replay__words');
  await words.waitFor();
  const place = page.getByRole('slider', { name: 'Place in the sequence' });
  await place.focus();
  await page.keyboard.press('Home');
  const all = [];
  for (;;) {
    all.push(await words.textContent());
    await see(all.at(-1));
    if (await page.getByRole('button', { name: 'One step on' }).isDisabled()) return all;
    await page.keyboard.press('ArrowRight');
  }
}

test('docker run, from the registry to the process', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('replay');
  try {
    await prompt(page);
    const ask = page.getByRole('button', { name: 'Replay slowly' });
    assert.equal(await ask.count(), 0, 'there is nothing to replay');
    await enter(page, 'docker run -d --name web -p 8080:80 nginx:alpine', 60_000);
    const before = await page.locator('.picture__twin').textContent();
    await ask.click();
    await page.getByText('Before the command: docker run').waitFor();
    await page.getByText('No containers yet.').first().waitFor();
    assert.deepEqual(await breaches(page), []);
    const pictures = [];
    const steps = await watchAll(page, async (words) => {
      if (words.startsWith('docker.io tells')) await shot('registry');
      if (words.startsWith('A layer has been downloaded')) await shot('layers');
      if (words.startsWith('The container web is made')) await shot('created');
      if (words.startsWith('The kernel sets')) await shot('apart');
      pictures.push([words, await page.locator('.registry').count(), await page.locator('.box .process').count()]);
    });
    const order = [
      /^Before the command/, /asks the engine: POST \/containers\/create/, /asks the engine: POST \/images\/create/,
      /^docker\.io tells which image is called nginx:alpine/, /^A layer has been downloaded/, /^nginx:alpine is on disk now/,
      /^The container web is made/, /with the address 172\.17\.0\.2/, /namespaces of its own: mnt, pid, net/,
      /^The process of web runs: .*nginx/, /^The command is done/,
    ];
    let at = -1;
    for (const words of order) {
      at = steps.findIndex((step, index) => index > at && words.test(step));
      assert.ok(at >= 0, `${words} is missing after its predecessor in ${steps.join('\n')}`);
    }
    const of = (start) => pictures.find(([words]) => words.startsWith(start));
    assert.equal(of('docker.io tells')[1], 1, 'the registry is in the picture');
    assert.deepEqual(of('The container web is made').slice(1), [0, 0], 'it is there, and nothing runs in it');
    assert.ok(of('The process of web runs')[2] > 0);
    await page.keyboard.press('Escape');
    await page.locator('.replay').waitFor({ state: 'detached' });
    assert.equal(await page.locator('.picture__twin').textContent(), before, 'the machine is as it was');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('it plays by itself, and ends when somebody goes on', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('replay-plays', { locale: 'de-DE', colorScheme: 'dark' });
  try {
    await prompt(page);
    await enter(page, 'docker run --rm alpine echo hallo', 60_000);
    await page.reload();
    await prompt(page);
    await page.getByRole('button', { name: 'In Zeitlupe ansehen' }).click();
    await page.getByText('Vor dem Befehl: docker run').waitFor();
    await page.getByText('Der Client bittet die Engine').waitFor();
    await page.getByRole('button', { name: 'Anhalten' }).click();
    const still = await page.locator('.replay__number').textContent();
    await page.waitForTimeout(3500);
    assert.equal(await page.locator('.replay__number').textContent(), still);
    await shot('still');
    await type(page, 'true\n');
    await page.locator('.replay').waitFor({ state: 'detached' });
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('on a phone', { timeout: 120_000 }, async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, reducedMotion: 'reduce' };
  const { page, problems, shot, close } = await openPage('replay-phone', phone);
  try {
    await prompt(page);
    await page.getByRole('tab', { name: 'Terminal' }).click();
    await enter(page, 'docker run -d --name web nginx:alpine', 60_000);
    await page.getByRole('tab', { name: 'Machine' }).click();
    await page.getByRole('button', { name: 'Replay slowly' }).click();
    await page.getByText('Before the command').waitFor();
    await page.waitForTimeout(3000);
    assert.match(await page.locator('.replay__number').textContent(), /step 1 of/, 'who wants less motion moves it');
    await page.getByRole('button', { name: 'One step on' }).click();
    await shot('second');
    assert.deepEqual(await breaches(page), []);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
