// Progress files: a student saves one, a lecturer reads many of them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, goal, prompt } from './machine.mjs';
import { openPage } from './page.mjs';

const artefact = (name) => new URL(`./artefacts/${name}.png`, import.meta.url).pathname;

/** A progress file as the page writes it. */
const file = (name, lessons, more = {}) => [`${name}.json`, JSON.stringify({
  layerlab: 'progress', version: 1, student: name.toLowerCase().replace(/\W/g, '-'), name, saved: '2026-11-22T10:00:00Z', lessons, ...more,
})];
const lesson = (done, goals = {}, answers = {}) => ({ done, goals, answers });
const open = (lines) => ({ lines, reached: false });
const wrong = (chosen) => ({ chosen, given: true, missed: true });
const right = (chosen) => ({ chosen, given: true, missed: false });

/** Lets files fall onto the page: name and content each. */
const drop = (page, files) => page.evaluate((given) => {
  const dataTransfer = new DataTransfer();
  for (const [name, content] of given) dataTransfer.items.add(new File([typeof content === 'number' ? new Uint8Array(content) : content], name));
  document.querySelector('.classroom').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}, files);

const rows = (table) => table.locator('tbody tr').evaluateAll((all) => all.map((row) => row.querySelector('th').firstChild.textContent));
const cells = (table, name) => table.locator('tbody tr', { hasText: name }).locator('td').allInnerTexts();

test('a student saves how far they are', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('class-student', { path: '#04-ports' });
  try {
    await prompt(page);
    await page.locator('[data-guess]').getByText('The connection is refused').click();
    await page.locator('[data-guess]').getByRole('button').first().click();
    await enter(page, 'docker run -d --name web nginx');
    await goal(page, 'inside', 'running');
    await page.getByRole('button', { name: /^Exercise 2 of 3/ }).click();
    await enter(page, 'curl localhost:8080');
    await enter(page, 'docker ps');
    await page.getByRole('button', { name: /^Exercise 3 of 3/ }).click();
    const quiz = page.locator('[data-quiz="order"]');
    await quiz.getByText('-p 5000:3000').click();
    await quiz.getByRole('button', { name: 'Answer' }).click();
    await quiz.getByText('Not quite.').waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Mia <script>alert(1)</script> Ö.');
    assert.deepEqual(await breaches(page), []);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.equal(download.suggestedFilename(), 'layerlab-Mia-script-alert-1-script-Ö.json');
    await page.getByRole('status').getByText('Saved: layerlab-Mia').waitFor();
    await shot('saved');
    const saved = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.equal(saved.layerlab, 'progress');
    assert.equal(saved.name, 'Mia <script>alert(1)</script> Ö.');
    const { done, goals, answers } = saved.lessons['04-ports'];
    assert.deepEqual(done, ['inside']);
    assert.deepEqual(goals['open.leads'], { lines: 2, reached: false });
    assert.equal(answers['quiz.order'].missed, true);
    assert.deepEqual(answers['guess.inside'], { chosen: [1], given: true, missed: false });
    // The name is known next time, and the student is the same.
    await page.reload();
    await prompt(page);
    await page.getByRole('button', { name: 'More' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Your name' }).inputValue(), saved.name);
    const [again] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save progress' }).click()]);
    const second = JSON.parse(await readFile(await again.path(), 'utf8'));
    assert.equal(second.student, saved.student);
    assert.deepEqual(second.lessons, saved.lessons);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a lecturer sees who is where and what they are stuck at', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('class-view', { path: '#04-ports' });
  try {
    await prompt(page);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Open the class view' }).click();
    await page.getByRole('dialog', { name: 'Class view' }).waitFor();
    const view = page.locator('.classroom');
    await view.getByText('No files yet.').waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('empty');
    const script = '<script>document.body.remove()</script><img src=x onerror=alert(1)>';
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), view.getByRole('button', { name: 'Choose files' }).click()]);
    const all = [
      file('Mia', { '03-container-life': lesson([], {}, {}), '04-ports': lesson(['inside'], { 'open.leads': open(9), 'open.answers': open(9) }, { 'quiz.order': wrong([1]), 'guess.inside': wrong([0]) }) }),
      file('Ada', { '04-ports': lesson(['inside', 'open', 'two'], { 'open.leads': open(2) }, { 'quiz.order': right([0]) }) }),
      file('Zoë', { '04-ports': lesson(['inside'], { 'open.leads': { lines: 3, reached: true }, 'open.answers': open(30) }, { 'quiz.order': wrong([0]) }) }),
      file('Eve', { '04-ports': lesson([], { 'inside.running': open(1) }, { 'guess.inside': wrong([0]) }) }),
      [`script.json`, JSON.stringify({ layerlab: 'progress', version: 1, student: 'x', name: script, saved: '2026-11-22T10:00:00Z', lessons: { '99-not-there': lesson(['a']) } })],
      ['cut.json', file('Cut', { '04-ports': lesson([]) })[1].slice(0, 60)],
      ['types.json', file('Types', { '04-ports': { done: 7, goals: [], answers: null } })[1]],
      ['other.json', '{"name":"package"}'],
      file('Future', {}, { version: 2 }),
    ];
    await chooser.setFiles(all.map(([name, text]) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })));
    const places = view.getByRole('table', { name: 'Who is where' });
    await places.waitFor();
    assert.deepEqual(await rows(places), [script, 'Ada', 'Eve', 'Mia', 'Zoë']);
    assert.deepEqual((await cells(places, 'Mia')).map((text) => text.trim().split('\n')[0]), ['1', '1/5', '2/3', '–']);
    assert.equal(await places.locator('tbody tr', { hasText: 'Ada' }).getByText('done', { exact: true }).count(), 1);
    assert.equal(await places.locator('tbody tr', { hasText: 'Mia' }).getByText('at exercise 2 of 3: Open a door').count(), 1);
    await places.getByText('99-not-there (not known here)').waitFor();
    // Files that are none are named, with the reason.
    const told = view.getByRole('alert');
    for (const words of ['cut.json is damaged', 'types.json is damaged', 'other.json is not a progress file', 'Future.json is of a newer version']) {
      await told.getByText(words).waitFor();
    }
    const stuck = view.getByRole('table', { name: 'What they are stuck at' });
    const lines = await stuck.locator('tbody tr').evaluateAll((some) => some.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
    assert.deepEqual(lines, [['2 of 2', '39', 'Mia, Zoë'], ['1 of 3', '14', 'Mia'], ['1 of 1', '1', 'Eve']]);
    assert.match(await stuck.locator('tbody th').first().textContent(), /the web server answers behind itLesson 4, exercise 2: Open a door/);
    const missed = view.getByRole('table', { name: 'Wrong answers' });
    assert.match(await missed.locator('tbody tr').first().textContent(), /2 of 2.*EXPOSE has opened the port.*Eve, Mia/);
    assert.match(await missed.locator('tbody tr').nth(1).textContent(), /Which line is right\?.*2 of 3.*-p 5000:3000.*Mia, Zoë/);
    assert.deepEqual(await breaches(page), []);
    await shot('all');
    // By keyboard: sorted by what is done, and back.
    await places.getByRole('button', { name: 'Exercises' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.classroom__places tbody th').firstChild.textContent === 'Ada');
    assert.deepEqual((await rows(places))[0], 'Ada');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.sort), 'done');
    assert.equal(await places.locator('[aria-sort="descending"]').count(), 1);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.classroom__places [aria-sort="ascending"] [data-sort="done"]'));
    assert.equal((await rows(places)).at(-1), 'Ada');
    // A newer file replaces the student's older one, an older one does not; nothing falls into the machine.
    await drop(page, [
      file('Mia', { '04-ports': lesson(['inside', 'open', 'two']) }, { saved: '2026-11-22T11:00:00Z' }),
      file('Zoë', {}, { saved: '2026-11-21T10:00:00Z' }), ['big.json', 2e6],
    ]);
    await told.getByText('Zoë.json is older').waitFor();
    await told.getByText('big.json is not a progress file').waitFor();
    assert.deepEqual(await cells(places, 'Mia').then((some) => some[0]), '3');
    assert.deepEqual(await cells(places, 'Zoë').then((some) => some[0]), '1');
    assert.equal(await page.locator('.files__file[title$=".json"]').count(), 0);
    // In the other language, and on paper.
    await page.evaluate(() => { document.documentElement.lang = 'de'; });
    await page.getByRole('dialog', { name: 'Kursübersicht' }).getByRole('table', { name: 'Wer ist wo' }).waitFor();
    await view.getByText('Zuerst falsch').waitFor();
    assert.deepEqual(await breaches(page), []);
    await shot('german');
    await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
    await page.keyboard.press('ControlOrMeta+p');
    await page.locator('html[data-printed]').waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.page').isVisible(), false);
    assert.equal(await view.getByRole('button', { name: 'Drucken' }).isVisible(), false);
    await page.screenshot({ path: artefact('class-view-print'), fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    // Closed and opened it still has them; removed, they are gone.
    await page.keyboard.press('Escape');
    await view.waitFor({ state: 'detached' });
    await page.evaluate(() => { document.documentElement.lang = 'en'; });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Open the class view' }).click();
    await places.waitFor();
    await view.getByRole('button', { name: 'Remove all' }).click();
    await view.getByText('No files yet.').waitFor();
    assert.deepEqual(problems.filter((one) => !one.includes('404')), []);
  } finally {
    await close();
  }
});

test('a class of forty fits a narrow, dark screen', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('class-narrow', { path: '#04-ports', colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  try {
    await prompt(page);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Open the class view' }).click();
    await page.locator('.classroom').waitFor();
    const slugs = ['01-first-container', '02-two-machines', '03-container-life', '04-ports', '05-images-and-layers'];
    await drop(page, Array.from({ length: 40 }, (_, at) => file(`Student ${at}`, Object.fromEntries(slugs.slice(0, at % 6).map((slug) => [slug, lesson([])])))));
    const places = page.getByRole('table', { name: 'Who is where' });
    await places.waitFor();
    assert.equal(await places.locator('tbody tr').count(), 40);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(await breaches(page), []);
    await shot('dark');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
