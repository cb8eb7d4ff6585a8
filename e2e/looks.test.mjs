// How it looks: pictures to be judged by eye, and what a machine can judge about them: nothing
// wider than the screen, no breach of the accessibility rules that axe knows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, type } from './machine.mjs';
import { openPage } from './page.mjs';

const sights = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark', locale: 'de-DE' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

for (const [name, options] of Object.entries(sights)) {
  test(`${name}: fits, and is accessible`, { timeout: 120_000 }, async () => {
    const { page, problems, shot, close } = await openPage(`looks-${name}`, options);
    try {
      const phone = name === 'phone';
      const area = (id) => phone && page.locator(`#area-${id}-tab`).click();
      await page.locator('h1').waitFor();
      await shot('lesson');
      await area('terminal');
      await prompt(page);
      await enter(page, 'docker build -t notes:1.0 . && docker run -d -p 8080:5000 --name web notes:1.0', 60_000);
      await type(page, 'docker ps\n');
      await page.waitForTimeout(1000);
      await shot('terminal');
      await area('tools');
      await page.locator('#build-tab').click();
      await page.locator('.dockerfile__line').first().waitFor();
      await shot('build');
      await page.locator('#layers-tab').click();
      await shot('layers');
      await area('picture');
      await shot('picture');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, page.viewportSize().width);
      assert.deepEqual(await breaches(page), []);
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
}
