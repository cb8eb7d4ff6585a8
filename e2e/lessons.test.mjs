// The course: the list of lessons, predictions before a command is run, questions, progress.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, goal, prompt, screen, type } from './machine.mjs';
import { openPage } from './page.mjs';

test('a lesson asks before it shows its goals, and remembers what was answered', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('lesson-ports', { path: '#04-ports' });
  try {
    await page.getByRole('heading', { name: 'Ports', level: 1 }).waitFor();
    await prompt(page);
    const goals = page.getByRole('list', { name: 'Goals' });
    assert.equal(await goals.count(), 0);
    await page.getByText('The connection is refused').click();
    assert.deepEqual(await breaches(page), []);
    await shot('asked');
    await page.getByRole('button', { name: 'This is what I expect' }).click();
    await goals.waitFor();
    // The language changes in the middle, and nothing is lost.
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Jetzt probiere es aus').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await enter(page, 'docker run -d --name web nginx; curl localhost:80', 60_000);
    assert.match(await screen(page), /Failed to connect|refused|Couldn't connect/);
    await goal(page, 'inside', 'running');
    await page.getByText('Right.').waitFor();
    await shot('told');
    await page.getByRole('button', { name: 'Next exercise' }).click();
    await enter(page, 'docker rm -f web');
    // In the foreground the terminal is the server's; the goals are looked at all the same.
    await type(page, 'docker run -p 8080:80 --name web nginx\n');
    await goal(page, 'open', 'answers');
    await page.keyboard.press('Control+c');
    await prompt(page);
    await page.getByRole('button', { name: 'Lessons' }).click();
    const list = page.getByRole('navigation', { name: 'Lessons' });
    await list.getByText('2 of 3').waitFor();
    assert.ok(await list.getByRole('link').count() >= 11);
    assert.deepEqual(await breaches(page), []);
    await shot('list');
    await list.getByRole('link', { name: /first container/i }).click();
    await page.getByRole('heading', { name: /first container/i, level: 1 }).waitFor();
    await prompt(page);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a question tells right from wrong', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('lesson-question', { path: '#11-names', locale: 'de-DE' });
  try {
    await prompt(page);
    await page.getByRole('button', { name: /^Aufgabe 3 von 3/ }).click();
    const question = page.locator('[data-quiz="door"]');
    await question.getByText('beide, sonst erreichen sie').click();
    await question.getByRole('button', { name: 'Antworten' }).click();
    await question.getByText('Nicht ganz.').waitFor();
    await shot('wrong');
    await question.getByRole('button', { name: 'Noch einmal' }).click();
    await question.getByText('nur die App').click();
    await question.getByRole('button', { name: 'Antworten' }).click();
    await question.getByText('Richtig.').waitFor();
    await page.reload();
    await prompt(page);
    await page.getByRole('button', { name: /^Aufgabe 3 von 3/ }).click();
    await page.locator('[data-quiz="door"]').getByText('Richtig.').waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
