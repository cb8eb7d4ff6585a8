// A browser that stores nothing more, or nothing at all: it is said, the page goes on, and what is stored stays whole.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, screen } from './machine.mjs';
import { openPage, openTab } from './page.mjs';

const FULL = /storage is full\. You can go on/;
const notice = (page, words) => page.locator('.notice', { hasText: words });

/**
 * Lets writes fail from the `from`th on, as a full disk does: the transaction is taken back (`way: 'abort'`), or
 * what writes throws (`'throw'`). `window.full = Infinity` makes room; `window.writes` counts.
 */
const fails = (from, way = 'abort') => (page) => page.addInitScript(([from, way]) => {
  Object.assign(window, { full: from, writes: 0 });
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    window.writes += 1;
    if (window.writes < window.full) return put.apply(this, given);
    if (way === 'throw') throw new DOMException('no room', 'QuotaExceededError');
    const request = put.apply(this, given);
    this.transaction.abort();
    return request;
  };
}, [from, way]);

/** Ends the page as a crash does: nothing of it runs any more. */
async function kill(page) {
  const gone = new Promise((resolve) => { page.once('crash', resolve); });
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await gone;
}

test('storage that is full from any write on is said; after a kill the machine is as it was stored', { timeout: 400_000 }, async () => {
  const known = ['', 'one', 'one\ntwo'];
  let [stored, place] = [false, 0];
  // Later writes are all of one kind: keys and what they bring about.
  for (let from = 1; !stored; from += from < 8 ? 1 : 4) {
    const { page, problems, close } = await openPage('storage-full', { before: fails(from, from % 2 ? 'abort' : 'throw') });
    try {
      await prompt(page);
      await page.locator('.xterm-helper-textarea').focus();
      for (const name of ['one', 'two']) {
        await page.keyboard.insertText(`echo ${name} > ${name}.txt`);
        await page.keyboard.press('Enter');
      }
      await enter(page, 'cat one.txt two.txt');
      assert.match(await screen(page), /^one\ntwo$/m, `write ${from}: the session goes on`);
      await page.waitForTimeout(300);
      stored = await page.evaluate((from) => window.writes < from, from);
      assert.equal(await notice(page, FULL).count(), stored ? 0 : 1, `write ${from}: it is said`);
      if (from === 3) assert.deepEqual(await breaches(page), []);
      const address = page.url();
      const context = page.context();
      await kill(page);
      const again = await context.newPage();
      await again.goto(address);
      await again.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent.includes('$'));
      // Part of a line may be stored.
      await again.locator('.xterm-helper-textarea').focus();
      await again.keyboard.press('Control+c');
      await prompt(again);
      await enter(again, 'echo "[$(cat one.txt two.txt 2>/dev/null)]"');
      const [, found] = (await screen(again)).match(/^\[([^\]]*)\]$/m);
      // How many writes go out together is a matter of time; each such bundle is there whole, or not at all.
      place = known.indexOf(found);
      assert.ok(place >= 0, `write ${from}: ${JSON.stringify(found)} after the kill`);
      assert.equal(await again.locator('.notice--bad').count(), 0, `write ${from}: what is stored is whole`);
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  }
  assert.equal(known[place], 'one\ntwo', 'with room for all, all is there');
});

test('once there is room again, all is stored that was not; leaving before asks', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('storage-again', { before: fails(Infinity) });
  try {
    await prompt(page);
    await enter(page, 'echo before > before.txt');
    await page.waitForTimeout(300);
    await page.evaluate(() => { window.full = 0; });
    await enter(page, 'echo while > while.txt');
    await notice(page, FULL).waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('said');
    // The session can be had as a file.
    const download = page.waitForEvent('download');
    await notice(page, FULL).getByRole('button', { name: 'Save as a file' }).click();
    assert.equal((await download).suggestedFilename(), 'session.layerlab');
    const asked = new Promise((resolve) => { page.once('dialog', resolve); });
    page.reload().catch(() => {});
    const question = await asked;
    assert.equal(question.type(), 'beforeunload');
    await question.dismiss();
    // It is said once, also where the person has seen enough of it.
    await notice(page, FULL).getByRole('button', { name: 'Close' }).click();
    await enter(page, 'echo more > more.txt');
    await page.waitForTimeout(3500);
    assert.equal(await notice(page, FULL).count(), 0);
    await page.evaluate(() => { window.full = Infinity; });
    await notice(page, 'All of the session is stored again.').waitFor();
    await shot('stored');
    const context = page.context();
    const address = page.url();
    await kill(page);
    const again = await context.newPage();
    await again.goto(address);
    await prompt(again);
    await enter(again, 'cat before.txt while.txt more.txt');
    assert.match(await screen(again), /before\nwhile\nmore/);
    assert.equal(await again.locator('.notice--bad').count(), 0);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test("somebody else's session takes nobody's own away, also without room", { timeout: 120_000 }, async () => {
  const { page, problems, close } = await openPage('storage-visit', { before: fails(Infinity) });
  try {
    await prompt(page);
    await enter(page, 'echo mine > mine.txt');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const file = await readFile(await (await download).path());
    await page.keyboard.press('Escape');
    await enter(page, 'echo later > later.txt');
    await page.waitForTimeout(300);
    await page.evaluate(() => { window.full = 0; });
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.locator('input[accept=".layerlab"]').setInputFiles({ name: 'a.layerlab', mimeType: '', buffer: file });
    await page.getByText('This is a session that somebody shared.').waitFor();
    await prompt(page);
    await enter(page, 'ls *.txt');
    assert.doesNotMatch((await screen(page)).split('ls *.txt').pop(), /later/);
    await notice(page, FULL).waitFor();
    await page.getByRole('button', { name: 'Back to mine' }).click();
    await page.waitForFunction(() => document.querySelector('.xterm-rows').textContent.includes('later.txt'));
    await prompt(page);
    await enter(page, 'cat mine.txt later.txt');
    assert.match(await screen(page), /mine\nlater/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('what cannot be read is not written over', { timeout: 120_000 }, async () => {
  const { page, problems, close } = await openPage('storage-unread');
  try {
    await prompt(page);
    await enter(page, 'echo mine > mine.txt');
    await page.waitForTimeout(500);
    const context = page.context();
    const broken = await openTab(page, problems, async (tab) => {
      await kill(page);
      await tab.addInitScript(() => {
        const { getAll } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.getAll = function (...given) {
          const request = getAll.apply(this, given);
          this.transaction.abort();
          return request;
        };
      });
    });
    await prompt(broken);
    await notice(broken, 'The stored session could not be read.').waitFor();
    await enter(broken, 'echo other > other.txt');
    await broken.screenshot({ path: new URL('./artefacts/storage-unread.png', import.meta.url).pathname });
    await broken.waitForTimeout(300);
    const address = broken.url();
    await kill(broken);
    const again = await context.newPage();
    await again.goto(address);
    await prompt(again);
    await enter(again, 'cat mine.txt other.txt');
    assert.match(await screen(again), /^mine$/m);
    assert.match(await screen(again), /other\.txt: No such file/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('progress that cannot be stored is said, and saved as a file', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('storage-progress', {
    path: '#04-ports',
    before: (page) => page.addInitScript(() => {
      Storage.prototype.setItem = () => { throw new DOMException('no room', 'QuotaExceededError'); };
    }),
  });
  try {
    await prompt(page);
    await page.getByRole('radio').nth(1).check();
    await page.getByRole('button', { name: 'This is what I expect' }).click();
    await notice(page, 'exercises done and answers are gone').waitFor();
    await shot('said');
    await page.getByRole('button', { name: 'More' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save progress' }).click();
    const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    assert.deepEqual(file.lessons['04-ports'].answers['guess.inside'].chosen, [1]);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a browser that stores nothing at all has a whole page', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('storage-none', {
    before: (page) => page.addInitScript(() => {
      const denied = { get() { throw new DOMException('denied', 'SecurityError'); } };
      Object.defineProperty(window, 'localStorage', denied);
      Object.defineProperty(window, 'indexedDB', denied);
    }),
  });
  try {
    await prompt(page);
    await notice(page, 'This browser does not store the session.').getByRole('button', { name: 'Save as a file' }).waitFor();
    await enter(page, 'echo here');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Dieser Browser speichert die Sitzung nicht.').waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
