// The main job, as a student does it: from a folder to an answering container, in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.mjs';
import { enter, goal, prompt, save, screen, transcript } from './machine.mjs';

const words = {
  en: { locale: 'en-GB', build: 'Build', files: 'Files', browser: 'Browser', next: 'Next exercise', changed: 'main.py changed', cached: 'cached', reload: 'Reload', old: 'the old greeting', expect: 'This is what I expect' },
  de: { locale: 'de-DE', build: 'Build', files: 'Dateien', browser: 'Browser', next: 'Nächste Aufgabe', changed: 'main.py geändert', cached: 'aus dem Cache', reload: 'Neu laden', old: 'den alten Gruß', expect: 'Das erwarte ich' },
};

for (const [lang, say] of Object.entries(words)) {
  test(`a student builds, runs, changes and stops the app (${lang})`, { timeout: 180_000 }, async () => {
    const { page, problems, shot, close } = await openPage(`story-${lang}`, { locale: say.locale });
    try {
      await prompt(page);
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      await shot('start');
      await enter(page, 'ls');
      assert.match(await screen(page), /Dockerfile {2}main\.py {2}requirements\.txt/);
      await enter(page, 'cat Dockerfile');
      assert.match(await screen(page), /CMD \["python", "main\.py"\]/);

      await enter(page, 'docker build -t notes:1.0 .', 60_000);
      await goal(page, 'build', 'image');
      await shot('built');
      await enter(page, 'docker images');
      assert.match(await screen(page), /notes:1\.0/);
      await enter(page, 'docker history notes:1.0');
      assert.match(await transcript(page), /COPY \. \. /);

      await page.getByRole('button', { name: say.next }).click();
      await enter(page, 'docker run -d -p 8080:5000 --name web notes:1.0');
      await enter(page, 'docker ps');
      // Whole lines: on a narrow terminal the row is wrapped anywhere.
      assert.match(await transcript(page), /Up /);
      await enter(page, 'curl localhost:8080');
      assert.match(await screen(page), /Hello from your container/);
      await goal(page, 'run', 'answers');
      await enter(page, 'docker logs web');
      assert.match(await screen(page), /Running on/);
      await shot('answers');

      await page.getByRole('tab', { name: say.browser }).click();
      await page.getByRole('button', { name: say.reload }).click();
      const frame = page.frameLocator('.browser__page');
      await frame.getByText('Hello from your container').waitFor();
      await shot('browser');

      await page.getByRole('button', { name: say.next }).click();
      // The goals appear once it is said what is expected.
      await page.getByText(say.old).click();
      await page.getByRole('button', { name: say.expect }).click();
      await page.getByRole('tab', { name: say.files }).click();
      await page.getByRole('button', { name: 'main.py', exact: true }).click();
      await save(page, 'Hello from your container', 'Guten Tag');
      await enter(page, 'docker build -t notes:1.0 .', 60_000);
      await page.getByRole('tab', { name: say.build }).click();
      const line = (text) => page.locator('.dockerfile__line', { hasText: text });
      await line('RUN pip install').getByText(say.cached, { exact: true }).waitFor();
      await line('COPY . .').getByText(say.changed, { exact: true }).waitFor();
      await goal(page, 'change', 'cached');
      await shot('rebuilt');

      await enter(page, 'docker stop web', 30_000);
      await enter(page, 'docker rm web');
      await enter(page, 'docker run -d -p 8080:5000 --name web notes:1.0');
      await enter(page, 'curl localhost:8080');
      assert.match(await screen(page), /Guten Tag/);
      await goal(page, 'change', 'answers');
      await shot('done');
      await enter(page, 'docker stop web', 30_000);
      await enter(page, 'docker rm web');
      await page.locator('.empty').waitFor();
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
}

test('the language changes in mid-exercise and nothing is lost', { timeout: 90_000 }, async () => {
  const { page, problems, close } = await openPage('story-switch');
  try {
    await prompt(page);
    await enter(page, 'echo kept');
    await page.getByRole('button', { name: 'Hint 1 of 3' }).click();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Tipp 1 von 3').waitFor();
    assert.match(await screen(page), /kept/);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
