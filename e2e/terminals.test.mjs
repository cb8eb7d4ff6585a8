// Terminals in tabs: on the host and in containers; each goes on while another is shown, and all come back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, screen, type } from './machine.mjs';
import { openPage } from './page.mjs';

const tabs = (page) => page.locator('.terminals [role="tab"]');
const names = (page) => tabs(page).locator('.terminals__title').allTextContents();
const shows = (page, text) => page.waitForFunction((text) => {
  const rows = [...document.querySelectorAll('.xterm-rows > div')];
  return rows.map((row) => row.textContent.replaceAll('\u00a0', ' ')).join('').includes(text);
}, text);

/** Waits until so many terminals are there, and this one is shown. */
async function there(page, count, shown) {
  await page.waitForFunction(([count, shown]) => {
    const all = [...document.querySelectorAll('.terminals [role="tab"]')];
    return all.length === count && all[shown]?.ariaSelected === 'true';
  }, [count, shown]);
}

test('a second terminal works beside the first; one in a container; all come back', { timeout: 180_000 }, async () => {
  const { page, problems, shot, close } = await openPage('terminals');
  try {
    await prompt(page);
    await enter(page, 'docker run -d --name web nginx:alpine', 60_000);
    await page.getByRole('button', { name: 'New terminal' }).click();
    await there(page, 2, 1);
    await prompt(page);
    // Keys go to it at once.
    await page.keyboard.type('tty\n');
    await shows(page, '/dev/pts/1');
    await tabs(page).nth(0).click();
    await there(page, 2, 0);
    await shows(page, 'Downloaded newer image');
    assert.doesNotMatch(await screen(page), /pts/);
    await type(page, 'sleep 100\n');
    await tabs(page).nth(1).click();
    await there(page, 2, 1);
    await shows(page, '/dev/pts/1');
    await enter(page, 'docker ps --format "{{.Names}} runs"');
    assert.match(await screen(page), /^web runs$/m);
    await enter(page, 'who');
    assert.match(await screen(page), /student +pts\/0[^]*student +pts\/1/);
    // The other one still waits for its command; ^C reaches it only.
    await tabs(page).nth(0).click();
    await there(page, 2, 0);
    await page.keyboard.press('Control+c');
    await prompt(page);
    assert.match(await screen(page), /\^C/);
    assert.deepEqual(await breaches(page), []);
    await shot('two');

    await page.getByRole('button', { name: 'web: details' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open a terminal in it' }).click();
    await there(page, 3, 2);
    await shows(page, '/ #');
    await page.keyboard.type('hostname; tty\n');
    await shows(page, '/dev/pts/');
    assert.deepEqual(await names(page), ['student@layerlab', 'student@layerlab · 1', 'web']);
    assert.deepEqual(await breaches(page), []);
    await shot('container');

    // By keys: to the tabs and along them, Delete closes.
    await tabs(page).nth(2).focus();
    await page.keyboard.press('ArrowLeft');
    await there(page, 3, 1);
    await page.keyboard.press('Home');
    await there(page, 3, 0);
    await page.keyboard.press('Delete');
    await page.keyboard.press('ArrowRight');
    await there(page, 3, 1);
    // The focus follows with the next frame.
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-selected') === 'true');

    // All are back after a reload, each with its screen; the one that was shown is shown.
    await page.reload();
    await there(page, 3, 1);
    await shows(page, 'web runs');
    await tabs(page).nth(0).click();
    await there(page, 3, 0);
    await shows(page, 'sleep 100');
    await tabs(page).nth(2).click();
    await there(page, 3, 2);
    await shows(page, '/dev/pts/');
    await tabs(page).nth(1).click();
    await shows(page, 'web runs');

    // A command is taken back: the terminals stay. Then what ran in the container, and its terminal.
    await enter(page, 'touch made-here');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(() => !document.querySelector('.xterm-rows').textContent.includes('made-here'));
    await there(page, 3, 1);
    await enter(page, 'ls');
    assert.doesNotMatch(await screen(page), /made-here/);
    await tabs(page).nth(2).locator('.terminals__close').click();
    await there(page, 2, 1);
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await there(page, 2, 0);
    await enter(page, 'docker ps --quiet | wc -l');

    // A shell that ends takes its terminal along.
    await tabs(page).nth(1).click();
    await there(page, 2, 1);
    await prompt(page);
    await type(page, 'exit\n');
    await there(page, 1, 0);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('on a phone the tabs fit above the terminal', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('terminals-phone', {
    viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true,
  });
  try {
    await page.getByRole('tab', { name: 'Terminal', exact: true }).click();
    await prompt(page);
    await page.getByRole('button', { name: 'New terminal' }).click();
    await there(page, 2, 1);
    await page.getByRole('button', { name: 'New terminal' }).click();
    await there(page, 3, 2);
    await prompt(page);
    await shot('three');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await breaches(page), []);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
