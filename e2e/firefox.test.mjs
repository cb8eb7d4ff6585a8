// The page in the system's own Firefox, by WebDriver BiDi. Where there is none ($FIREFOX, firefox-esr, firefox), it is
// skipped and says so.
import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { firefox } from 'playwright-core';
import { prompt, screen, type } from './machine.mjs';

function installed() {
  const places = process.env.PATH.split(delimiter).flatMap((folder) => [join(folder, 'firefox-esr'), join(folder, 'firefox')]);
  return [process.env.FIREFOX, ...places].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const executablePath = installed();
const skip = executablePath ? false : 'no Firefox here: apt-get install firefox-esr, or name one in $FIREFOX';

test('Firefox shows the lesson, a prompt, and what docker answers', { skip, timeout: 180_000 }, async () => {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath, headless: true });
  try {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('console', (message) => { if (message.type() === 'error') problems.push(`console: ${message.text()}`); });
    await page.goto(process.env.LAYERLAB_URL);
    await page.locator('h1').waitFor();
    await prompt(page, 60_000);
    await type(page, 'docker ps');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.xterm-rows').textContent.includes('CONTAINER'));
    await prompt(page, 60_000);
    assert.match(await screen(page), /^CONTAINER ID +IMAGE +COMMAND/m);
    // The picture is drawn, too.
    await page.locator('.machine .floor').waitFor({ state: 'attached' });
    // The page itself has nothing to scroll: what is too long scrolls in its panel.
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight && document.documentElement.clientWidth === innerWidth), true);
    await page.screenshot({ path: new URL('./artefacts/firefox.png', import.meta.url).pathname });
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});
