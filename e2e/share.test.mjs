// A session goes to somebody else: as a link, as a file; one's own is kept.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, screen } from './machine.mjs';
import { openPage, openTab } from './page.mjs';

/** Opens the sheet and gives its link. */
async function linkOf(page) {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const field = page.getByLabel('Link to this session');
  await field.waitFor();
  return field.inputValue();
}

test('a link carries the session, and brings nobody\'s own away', { timeout: 120_000 }, async () => {
  const giver = await openPage('share-giver');
  const taker = await openPage('share-taker');
  try {
    await prompt(giver.page);
    await enter(giver.page, 'echo "for you" > gift.txt');
    await enter(giver.page, 'docker run -d --name web -p 8080:80 nginx:alpine', 60_000);
    const link = await linkOf(giver.page);
    assert.ok(link.length < 16 * 1024, `${link.length} characters`);
    assert.deepEqual(await breaches(giver.page), []);
    await giver.shot('sheet');
    await giver.page.getByRole('button', { name: 'QR code of the link' }).click();
    await giver.page.getByRole('img', { name: 'QR code of the link' }).waitFor();
    await giver.shot('code');
    await giver.page.keyboard.press('Escape');
    await giver.page.keyboard.press('Escape');
    await giver.page.locator('#share').waitFor({ state: 'detached' });

    await prompt(taker.page);
    await enter(taker.page, 'echo mine > mine.txt');
    await taker.page.waitForTimeout(500);
    // The same address with another fragment alone would load nothing.
    await taker.page.goto('about:blank');
    await taker.page.goto(link);
    await taker.page.getByText('This is a session that somebody shared.').waitFor();
    await prompt(taker.page);
    assert.doesNotMatch(taker.page.url(), /session=/);
    await taker.shot('visiting');
    await enter(taker.page, 'cat gift.txt; ls; curl -sI localhost:8080');
    assert.match(await screen(taker.page), /for you/);
    assert.match(await screen(taker.page), /200 OK/);
    assert.doesNotMatch(await screen(taker.page), /mine\.txt/);
    await taker.page.getByRole('button', { name: 'Back to mine' }).click();
    await taker.page.waitForFunction(() => document.querySelector('.xterm-rows').textContent.includes('mine.txt'));
    await prompt(taker.page);
    await enter(taker.page, 'ls');
    assert.doesNotMatch((await screen(taker.page)).split('$ ls').pop(), /gift/);
    assert.deepEqual([...giver.problems, ...taker.problems], []);
  } finally {
    await giver.close();
    await taker.close();
  }
});

test('a file carries the session; what is no session is refused', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('share-file');
  try {
    await prompt(page);
    await enter(page, 'echo "in a file" > gift.txt');
    await linkOf(page);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), 'session.layerlab');
    const buffer = await readFile(await download.path());
    const file = (bytes) => ({ name: 'session.layerlab', mimeType: 'application/octet-stream', buffer: bytes });
    const field = page.getByLabel('Open a session from a file');

    // Damaged anywhere: a notice, and the machine goes on.
    const bent = Buffer.from(buffer);
    bent[bent.length >> 1] ^= 0xff;
    for (const bytes of [Buffer.from('<script>alert(1)</script>'), buffer.subarray(0, 40), bent]) {
      await field.setInputFiles(file(bytes));
      await page.getByText('This is not a session that can be opened.').waitFor();
      await page.getByRole('button', { name: 'Close' }).first().click();
      await page.getByRole('button', { name: 'Share', exact: true }).click();
    }
    await page.keyboard.press('Escape');
    await enter(page, 'rm gift.txt');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await field.setInputFiles(file(buffer));
    await page.getByText('This is a session that somebody shared.').waitFor();
    await prompt(page);
    await enter(page, 'cat gift.txt');
    assert.match(await screen(page), /in a file/);
    await shot('opened');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a broken link says so and takes nothing away', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('share-broken', { path: '#06-folder-to-container;session=bGF5ZXJsYWIBAAAA' });
  try {
    await page.getByText('This is not a session that can be opened.').waitFor();
    await prompt(page);
    await enter(page, 'echo still here');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('of two tabs one stores the session, and the other says so', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('share-tabs');
  try {
    await prompt(page);
    await enter(page, 'echo first > first.txt');
    const tab = await openTab(page, problems);
    await tab.getByText('already open in another tab').waitFor();
    await prompt(tab);
    await enter(tab, 'echo second > second.txt');
    await tab.close();
    await page.reload();
    await prompt(page);
    await enter(page, 'ls');
    assert.match(await screen(page), /first\.txt/);
    assert.doesNotMatch(await screen(page), /second\.txt/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
