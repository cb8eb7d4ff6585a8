// The page starts: no error, nothing that its policy had to stop, and the worker answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.mjs';

test('the page and its worker start', async () => {
  const { page, problems, close } = await openPage('smoke');
  try {
    await page.locator('#worker', { hasText: 'hello' }).waitFor();
    assert.equal(await page.locator('h1').textContent(), 'Layerlab');
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
