// The browser that all browser tests share, and what they watch for.
import { mkdir } from 'node:fs/promises';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

const { LAYERLAB_URL: url, CHROMIUM: executablePath } = process.env;
if (!url) throw new Error('LAYERLAB_URL is not set: start these tests with `cargo xtask e2e`');

/** Where screenshots go. */
export const artefacts = new URL('./artefacts/', import.meta.url).pathname;

const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run',
    // Playwright loses its footing when the small browser's sandboxed frame moves to a process of its own.
    '--disable-features=IsolateSandboxedIframes',
  ],
});
after(() => browser.close());

/**
 * Opens the page in a fresh profile. Options are Playwright's for a context (`locale`,
 * `colorScheme`, `viewport`); `path`, which is added to the page's address (or is one); and `rest`, milliseconds
 * that the browser gets for the start of a profile (pages of its own, on the same two processors):
 * whoever measures wants the page's time, not the browser's; `before`, which gets the page before it
 * goes anywhere.
 *
 * Gives `page`; `problems`, which collects errors, console errors, failed requests and breaches of
 * the policy (a test ends with `assert.deepEqual(problems, [])`); `shot(name)`, which keeps a
 * screenshot; and `close()`, which keeps a last one and must be called.
 */
export async function openPage(name, { path = '', rest = 0, before = () => {}, ...options } = {}) {
  const context = await browser.newContext({
    locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options,
  });
  context.setDefaultTimeout(15_000);
  const problems = [];
  const page = await context.newPage();
  watch(page, problems);
  await mkdir(artefacts, { recursive: true });
  const shot = (part) => page.screenshot({ path: `${artefacts}${name}-${part}.png` });
  await before(page);
  await page.waitForTimeout(rest);
  await page.goto(new URL(path, url).href);
  const close = async () => {
    await shot('end').catch(() => {});
    await context.close();
  };
  return { page, problems, shot, close };
}

/** One more tab of the same profile, whose problems go to the same list. */
export async function openTab(page, problems, before = () => {}) {
  const tab = await page.context().newPage();
  watch(tab, problems);
  await before(tab);
  await tab.goto(page.url());
  return tab;
}

function watch(page, problems) {
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('requestfailed', (request) => problems.push(`no answer: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
}
