// Files from one's own computer into the machine, and the home folder as a zip.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { breaches } from './access.mjs';
import { enter, prompt, screen } from './machine.mjs';
import { openPage } from './page.mjs';

const { strFromU8, unzipSync } = createRequire(new URL('../web/', import.meta.url))('fflate');

/** Lets files fall onto the page. Each is a name and its content, or how many zeros it has. */
const drop = (page, files) => page.evaluate((given) => {
  const dataTransfer = new DataTransfer();
  for (const [name, content] of given) {
    dataTransfer.items.add(new File([typeof content === 'number' ? new Uint8Array(content) : content], name));
  }
  const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('.editor').dispatchEvent(event);
  if (!event.defaultPrevented) throw new Error('the browser would open it');
}, files);

test('files are dropped, chosen, and taken away as a zip', { timeout: 120_000 }, async () => {
  const { page, problems, shot, close } = await openPage('files');
  try {
    await prompt(page);
    await drop(page, [['<img src=x onerror=alert(1)>.txt', 'hello\n'], ['notes.txt', 'dropped\n']]);
    await page.locator('.files__file[title="notes.txt"]').waitFor();
    await page.locator('.files__file[title^="<img"]').waitFor();
    await enter(page, 'cat notes.txt');
    assert.match(await screen(page), /dropped/);
    // What cannot be taken is said, and nothing else is lost.
    await drop(page, [['big.iso', 50e6], ['small.txt', 'fits']]);
    const told = page.getByRole('alert');
    await told.getByText('big.iso is too large: 50 MB.').waitFor();
    await page.locator('.files__file[title="small.txt"]').waitFor();
    assert.equal(await page.locator('.files__file[title="big.iso"]').count(), 0);
    assert.deepEqual(await breaches(page), []);
    await shot('told');
    await told.getByRole('button', { name: 'Close' }).click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'), page.getByRole('button', { name: '+ From my computer' }).click(),
    ]);
    await chooser.setFiles([
      { name: 'chosen.sh', mimeType: 'text/plain', buffer: Buffer.from('echo chosen\n') },
      { name: 'bytes.bin', mimeType: 'application/octet-stream', buffer: Buffer.from([0xff, 0xfe, 0x80]) },
    ]);
    // What is not text comes as it is; the editor does not open it.
    await page.locator('.files__file[title="bytes.bin"]').click();
    await page.locator('.editor').getByText(/3 B/).waitFor();
    await enter(page, 'od -An -tx1 bytes.bin');
    assert.match(await screen(page), /^ ff fe 80$/m);
    await enter(page, 'sh chosen.sh; mkdir deep; cp chosen.sh deep/run.sh; chmod 755 deep/run.sh');
    assert.match(await screen(page), /^chosen$/m);
    await page.locator('.files__file[title="deep/run.sh"]').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.getByRole('button', { name: '↓ As zip' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), '06-folder-to-container.zip');
    const files = unzipSync(await readFile(await download.path()));
    const folder = '06-folder-to-container/';
    assert.equal(strFromU8(files[`${folder}deep/run.sh`]), 'echo chosen\n');
    assert.equal(strFromU8(files[`${folder}notes.txt`]), 'dropped\n');
    assert.deepEqual([...files[`${folder}bytes.bin`]], [0xff, 0xfe, 0x80]);
    assert.ok(files[`${folder}Dockerfile`].length > 20);
    // It is all there after a reload.
    await page.reload();
    await prompt(page);
    await page.locator('.files__file[title="small.txt"]').waitFor();
    await enter(page, 'wc -c < bytes.bin');
    assert.match(await screen(page), /^3$/m);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});
