// The borders between the panes: by pointer, by keys, remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prompt } from './machine.mjs';
import { openPage } from './page.mjs';

test('a border is dragged, moved by keys, remembered, and given back', { timeout: 60_000 }, async () => {
  const { page, problems, shot, close } = await openPage('panes');
  try {
    await prompt(page);
    const width = () => page.locator('#area-terminal-panel').evaluate((element) => element.getBoundingClientRect().width);
    const columns = () => page.locator('.xterm-rows').evaluate((element) => element.getBoundingClientRect().width);
    const border = page.getByRole('separator', { name: 'Width of the terminal' });
    const [usual, narrow] = [await width(), await columns()];
    const box = await border.boundingBox();
    await page.mouse.move(box.x + 3, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 150, box.y + 60, { steps: 5 });
    await page.mouse.up();
    const dragged = await width();
    assert.ok(Math.abs(dragged - usual - 147) < 12, `${usual} -> ${dragged}`);
    await page.waitForFunction((old) => document.querySelector('.xterm-rows').getBoundingClientRect().width > old + 100, narrow);
    await border.focus();
    await page.keyboard.press('ArrowLeft');
    const moved = await width();
    assert.ok(moved < dragged - 10, `${dragged} -> ${moved}`);
    await shot('dragged');
    await page.reload();
    await prompt(page);
    assert.ok(Math.abs(await width() - moved) < 2);
    await border.focus();
    await page.keyboard.press('Enter');
    assert.ok(Math.abs(await width() - usual) < 2);
    for (const name of ['Width of the text', 'Height of the picture']) {
      const other = page.getByRole('separator', { name });
      const before = await other.boundingBox();
      await other.focus();
      await page.keyboard.press('End');
      const after = await other.boundingBox();
      assert.notDeepEqual(after, before);
      await page.keyboard.press('Enter');
    }
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
