// What web/teach.js does: the sheet of shortcuts, printing, presenting; and links to an exercise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { prompt, screen } from './machine.mjs';
import { openPage } from './page.mjs';

/** The page prints nothing: it notes that it was asked to. */
const withoutPrinter = (page) => page.evaluate(() => {
  window.print = () => { document.documentElement.dataset.printed = 'yes'; };
});

test('a link opens a lesson at an exercise', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-link', { path: '#04-ports;exercise=two' });
  try {
    await page.getByRole('heading', { name: 'Two servers, two doors' }).waitFor();
    await prompt(page);
    await page.getByRole('button', { name: 'Share' }).click();
    const link = page.getByRole('textbox', { name: 'Link to this exercise' });
    assert.match(await link.inputValue(), /#04-ports;exercise=two$/);
    assert.deepEqual(await breaches(page), []);
    await shot('share');
    await page.keyboard.press('Escape');
    // In the lesson that is open already nothing is loaded anew.
    await page.evaluate(() => { window.stays = true; location.hash = '#04-ports;exercise=open'; });
    await page.getByRole('heading', { name: 'Open a door' }).waitFor();
    assert.equal(await page.evaluate(() => window.stays), true);
    await page.getByRole('button', { name: /^Exercise 1 of 3/ }).click();
    await page.getByRole('link', { name: 'Exercise 1 of 3' }).click();
    assert.match(page.url(), /#04-ports;exercise=inside$/);
    // An exercise that the lesson has not: it begins where the person left off.
    await page.goto(page.url().replace(/#.*/, '#04-ports;exercise=nowhere'));
    await page.reload();
    await page.getByRole('heading', { name: 'A server that nobody reaches' }).waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a lesson is printed whole, with solutions where they are wanted', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-print', { path: '#10-data-that-stays', locale: 'de-DE' });
  try {
    await prompt(page);
    await withoutPrinter(page);
    await page.getByRole('button', { name: 'Mehr' }).click();
    assert.deepEqual(await breaches(page), []);
    await shot('menu');
    await page.getByRole('button', { name: 'Handzettel drucken' }).click();
    await page.locator('html[data-printed]').waitFor();
    await page.emulateMedia({ media: 'print' });
    const handout = page.locator('.handout');
    assert.equal(await handout.locator('[data-part="exercise"]').count(), 3);
    assert.equal(await handout.locator('[data-solution], .hints, [data-part="notes"], [data-why]').count(), 0);
    assert.equal(await page.locator('.page').isVisible(), false);
    await page.screenshot({ path: new URL('./artefacts/teach-print-handout.png', import.meta.url).pathname, fullPage: true });
    assert.deepEqual(await breaches(page), []);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await handout.count(), 0);
    // Without the button: the browser's own way prints the exercise in sight, and no workbench.
    assert.equal(await page.locator('.lesson').isVisible(), true);
    assert.equal(await page.locator('#area-terminal-panel').isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'Mehr' }).click();
    await page.getByRole('button', { name: 'Mit Lösungen drucken' }).click();
    await handout.getByText('docker volume rm notes').first().waitFor({ state: 'attached' });
    assert.equal(await handout.locator('[data-solution]').count(), 3);
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: new URL('./artefacts/teach-print-solved.png', import.meta.url).pathname, fullPage: true });
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a question mark shows all keys, but not in a text', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-keys');
  try {
    await prompt(page);
    await page.locator('.xterm-helper-textarea').focus();
    await page.keyboard.type('?');
    await page.waitForFunction(() => document.querySelector('.xterm-rows').textContent.includes('?'));
    await page.keyboard.press('Backspace');
    // The way out of the terminal is one of the keys.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('.xterm') === null), true);
    await page.keyboard.type('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Leave the terminal').waitFor();
    await sheet.getByText('Freeze the picture').waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('sheet');
    await page.keyboard.press('Escape');
    assert.equal(await sheet.count(), 0);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a page whose lesson does not come says so, and looks for nothing for ever', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('teach-nowhere', {
    before: async (page) => {
      await page.route('**/*.bin', (route) => route.abort());
      await page.addInitScript(() => {
        const { setInterval: set, clearInterval: clear } = window;
        window.polling = new Set();
        window.setInterval = (act, pause) => { const one = set(act, pause); if (pause <= 500) window.polling.add(one); return one; };
        window.clearInterval = (one) => { window.polling.delete(one); clear(one); };
      });
    },
  });
  try {
    await page.getByText('The lesson could not be loaded.').waitFor();
    await prompt(page);
    await page.waitForFunction(() => window.polling.size === 0);
    assert.deepEqual(problems.filter((problem) => !/\.bin|ERR_FAILED/.test(problem)), []);
  } finally {
    await close();
  }
});

test('keys that are a character alone can be switched off, for good', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-single-keys', { path: '#04-ports' });
  try {
    await prompt(page);
    const box = page.getByRole('checkbox', { name: /^Single-key shortcuts/ });
    await page.getByRole('button', { name: 'Settings' }).click();
    assert.equal(await box.isChecked(), true);
    await box.uncheck();
    assert.deepEqual(await breaches(page), []);
    await shot('settings');
    await page.reload();
    await prompt(page);
    await page.getByRole('button', { name: 'Settings' }).focus();
    await page.keyboard.press('?');
    await page.waitForTimeout(500);
    assert.equal(await page.getByRole('dialog').count(), 0);
    // The way by buttons stays, and says what is off.
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Crossed-out shortcuts are switched off').waitFor();
    assert.equal(await sheet.locator('s', { hasText: '?' }).count(), 1);
    assert.deepEqual(await breaches(page), []);
    await shot('sheet');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Start presenting' }).click();
    const slide = page.locator('.talk__slide');
    await slide.getByRole('heading', { name: 'Ports', level: 1 }).waitFor();
    await page.keyboard.press('b');
    assert.equal(await page.locator('.talk__blank').count(), 0);
    await page.keyboard.press('PageDown');
    await slide.getByRole('heading', { name: 'A server that nobody reaches' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings' }).click();
    await box.check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await sheet.waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a lesson is presented', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-talk', { path: '#04-ports', viewport: { width: 1024, height: 768 } });
  try {
    await prompt(page);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Start presenting' }).click();
    const slide = page.locator('.talk__slide');
    await slide.getByRole('heading', { name: 'Ports', level: 1 }).waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('title');
    await page.keyboard.press('PageDown');
    await slide.getByRole('heading', { name: 'A server that nobody reaches' }).waitFor();
    assert.ok(await slide.evaluate((element) => parseFloat(getComputedStyle(element).fontSize)) >= 19);
    // The prediction is voted on before it is told.
    await page.keyboard.press('2');
    await page.keyboard.press('2');
    await slide.getByRole('button', { name: /^Vote for: The web server answers/ }).click();
    assert.equal(await slide.locator('.talk__right').count(), 0);
    assert.deepEqual(await slide.locator('.talk__vote').allTextContents(), ['1', '2', '0']);
    await slide.focus();
    await page.keyboard.press('r');
    assert.match(await slide.locator('.talk__right').textContent(), /refused/);
    assert.deepEqual(await breaches(page), []);
    await shot('vote');
    // Commands are typed, looked at, and run.
    await page.keyboard.press('t');
    await page.waitForFunction(() => document.querySelector('.xterm-rows').textContent.replaceAll('\u00a0', ' ').includes('docker run -d --name web nginx'));
    await page.getByRole('button', { name: 'Run it' }).waitFor();
    await page.keyboard.press('t');
    await slide.locator('.talk__reached').waitFor({ timeout: 30_000 });
    // The picture is seen whole, down to the kernel, and its letters are not too small.
    const sight = () => page.evaluate(() => {
      const [floor, image, frame, machine] = ['.machine .floor', '.machine .stack', '.picture', '.machine'].map((one) => document.querySelector(one).getBoundingClientRect());
      return { below: frame.bottom - Math.max(floor.bottom, image.bottom), beside: frame.right - image.right, scale: machine.width / document.querySelector('.machine').viewBox.baseVal.width };
    });
    const whole = ({ below, beside, scale }) => below >= 0 && beside >= 0 && scale > 0.6;
    assert.ok(whole(await sight()), JSON.stringify(await sight()));
    // On narrower projectors, too, and the bar is one row.
    for (const width of [985, 960, 941, 900]) {
      await page.setViewportSize({ width, height: 740 });
      await page.waitForTimeout(300);
      assert.ok(whole(await sight()), `${width}: ${JSON.stringify(await sight())}`);
      assert.ok(await page.locator('.talk__bar').evaluate((bar) => bar.clientHeight) < 60, `the bar at ${width}`);
      if (width === 960) await shot('narrow');
    }
    await page.setViewportSize({ width: 1024, height: 768 });
    await shot('typed');
    // The speaker's window.
    const [notes] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('n')]);
    await notes.getByText('The slide says').first().waitFor();
    await notes.getByText('docker logs web').first().waitFor();
    await notes.screenshot({ path: new URL('./artefacts/teach-talk-notes.png', import.meta.url).pathname });
    assert.deepEqual(await breaches(notes), []);
    // Frozen: what everybody sees stays, the speaker goes on.
    await notes.getByRole('button', { name: 'Freeze the picture' }).click();
    await page.locator('.talk__frozen').getByText('Frozen').waitFor();
    // What did not fit on the slide comes first.
    const next = notes.getByRole('button', { name: 'Next' });
    while (await notes.getByText('Slide 2 of 8').count()) await next.click();
    await notes.getByText('Slide 3 of 8').waitFor();
    assert.match(await page.locator('.talk__frozen .talk__slide').textContent(), /A server that nobody reaches/);
    await shot('frozen');
    await notes.getByRole('button', { name: 'Freeze the picture' }).click();
    await slide.getByRole('heading', { name: 'Open a door' }).waitFor();
    await notes.keyboard.press('b');
    await page.locator('.talk__blank').waitFor();
    await notes.keyboard.press('b');
    await page.locator('.talk__blank').waitFor({ state: 'detached' });
    // The language may change meanwhile.
    await page.evaluate(() => { document.documentElement.lang = 'de'; });
    await slide.getByText('Aufgabe 2 von 3').waitFor();
    await page.evaluate(() => { document.documentElement.lang = 'en'; });
    await slide.getByRole('heading', { name: 'Open a door' }).waitFor();
    // A clicker works from everywhere; other keys are the terminal's while it has the focus.
    await page.locator('.xterm-helper-textarea').focus();
    const seen = slide.getByRole('heading', { name: 'See where a port leads' });
    while (!await seen.count()) await page.keyboard.press('PageDown');
    await page.keyboard.type('f');
    assert.equal(await page.locator('.talk__frozen').count(), 0);
    await slide.focus();
    await page.keyboard.press('End');
    await shot('last');
    await page.keyboard.press('Escape');
    await slide.waitFor({ state: 'detached' });
    assert.equal(notes.isClosed(), true);
    await page.locator('.header').waitFor();
    assert.match(await screen(page), /Digest: sha256/);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a question that was answered wrongly comes back two lessons later', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('teach-again', { path: '#04-ports;exercise=two' });
  try {
    await prompt(page);
    const asked = page.locator('[data-quiz="order"]');
    await asked.getByText('-p 5000:3000').click();
    await asked.getByRole('button', { name: 'Answer' }).click();
    await asked.getByText('Not quite.').waitFor();
    // Put right at once, it still comes back.
    await asked.getByRole('button', { name: 'Try again' }).click();
    await asked.getByText('-p 3000:5000').click();
    await asked.getByRole('button', { name: 'Answer' }).click();
    await asked.getByText('Right.', { exact: true }).waitFor();
    await page.reload();
    await prompt(page);
    assert.equal(await page.locator('.again').count(), 0);
    await page.goto(page.url().replace(/#.*/, '#06-folder-to-container'));
    const again = page.getByRole('region', { name: 'Once more: lesson 4, Ports' });
    await again.getByRole('heading', { name: 'Which line is right?' }).waitFor();
    await again.getByText('-p 5000:3000').click();
    // In the other language what was chosen stays.
    await page.getByRole('button', { name: 'Deutsch' }).click();
    const german = page.getByRole('region', { name: /^Noch einmal: Lektion 4/ });
    await german.getByRole('radio', { checked: true }).waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('asked');
    await german.getByRole('button', { name: 'Antworten' }).click();
    await german.getByText('Die Frage kommt wieder.').waitFor();
    await page.reload();
    await german.getByText('-p 3000:5000').click();
    await german.getByRole('button', { name: 'Antworten' }).click();
    await german.getByText('Das sitzt jetzt.').waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('told');
    await page.reload();
    await prompt(page);
    await page.waitForTimeout(1500);
    assert.equal(await page.locator('.again').count(), 0);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('more contrast, and the system\'s colours, break nothing', { timeout: 60_000 }, async () => {
  for (const media of [{ contrast: 'more' }, { contrast: 'more', colorScheme: 'dark' }, { forcedColors: 'active' }]) {
    const { page, problems, shot, close } = await openPage(`teach-contrast-${Object.values(media).join('-')}`, media);
    try {
      await prompt(page);
      assert.deepEqual(await breaches(page), []);
      await shot('page');
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  }
});
