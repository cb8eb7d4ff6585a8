// Scripts come from the page's own files only, in the page and in its worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.mjs';

test('an inline script does not run', async () => {
  const { page, close } = await openPage('policy-inline');
  try {
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
    });
    assert.equal(await page.evaluate(() => window.intruder), undefined);
  } finally {
    await close();
  }
});

test('the worker cannot compile text to code', async () => {
  const { page, close } = await openPage('policy-worker');
  try {
    // The policy came with the worker's own response: the page's <meta> says nothing to it.
    const worker = page.workers()[0] ?? await page.waitForEvent('worker');
    // Not at once: what the debugger evaluates itself is free of the policy.
    const outcome = await worker.evaluate(() => new Promise((done) => setTimeout(() => {
      try {
        done(`ran: ${(0, eval)('1 + 1')}`);
      } catch (error) {
        done(error.name);
      }
    })));
    assert.equal(outcome, 'EvalError');
  } finally {
    await close();
  }
});

test('wherever the page is served from, all its files are beside it', async () => {
  const { page, problems, close } = await openPage('policy-files');
  try {
    await page.waitForLoadState('networkidle');
    const names = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    const base = await page.evaluate(() => document.baseURI);
    assert.ok(names.length > 0);
    assert.deepEqual(names.filter((name) => !name.startsWith(base)), []);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
