// What goes wrong says so in docker's or the shell's own words, and the session goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, prompt, screen, transcript, type } from './machine.mjs';
import { openPage } from './page.mjs';

/** Runs a body on a page with a prompt; no problem may be left over. */
async function atPrompt(name, body) {
  const { page, problems, shot, close } = await openPage(`trouble-${name}`);
  try {
    await prompt(page);
    await body(page, shot);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
}

const says = async (page, command, words, exit) => {
  await enter(page, command, 60_000);
  assert.match((await transcript(page)).split(command).pop(), words);
  await enter(page, 'echo "exit $?"');
  assert.match(await screen(page), new RegExp(`^exit ${exit}$`, 'm'));
};

test('wrong Dockerfiles, files and images are named', { timeout: 120_000 }, () => atPrompt('build', async (page, shot) => {
  await enter(page, "printf 'FROM python:3.11-slim\\nRUNN ls\\n' > a; printf 'FROM python:3.11-slim\\nCOPY nothing.txt .\\n' > b; printf 'FROM nowhere-at-all\\n' > c");
  await says(page, 'docker build -q -f a .', /unknown instruction: RUNN/, 1);
  await says(page, 'docker build -q -f b .', /nothing\.txt/, 1);
  await page.getByRole('tab', { name: 'Build' }).click();
  await page.locator('.dockerfile__line--failed').waitFor();
  await shot('copy');
  await says(page, 'docker build -q -f c .', /pull access denied|not found/, 1);
}));

test('a port and a name in use are named', { timeout: 120_000 }, () => atPrompt('run', async (page) => {
  await enter(page, 'docker build -q -t notes . && docker run -d --name one -p 8080:5000 notes', 60_000);
  await says(page, 'docker run -d --name one notes', /The container name "\/one" is already in use/, 125);
  await says(page, 'docker run -d --name two -p 8080:5000 notes', /port is already allocated/, 125);
}));

test('a crashing program ends its container and shows why', { timeout: 120_000 }, () => atPrompt('crash', async (page, shot) => {
  await enter(page, "echo 'print(1/0)' > main.py; docker build -q -t notes . && docker run -d --name one notes", 60_000);
  await enter(page, 'sleep 1; docker logs one');
  assert.match(await screen(page), /ZeroDivisionError: division by zero/);
  await page.locator('.box--exited').waitFor();
  await shot('exited');
}));

test('an endless loop costs nothing and ^C ends it', { timeout: 60_000 }, () => atPrompt('loop', async (page) => {
  await type(page, 'while true; do :; done\n');
  await page.waitForTimeout(2000);
  const lag = await page.evaluate(async () => {
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return performance.now() - begin;
  });
  assert.ok(lag < 100, `the page answers after ${lag} ms`);
  await page.keyboard.press('Control+c');
  await prompt(page);
  await enter(page, 'echo "still here $?"');
  assert.match(await screen(page), /still here 130/);
}));

test('the session is there again after a reload, and undo takes a command back', { timeout: 60_000 }, () => atPrompt('reload', async (page) => {
  await enter(page, 'echo one > first.txt');
  await enter(page, 'echo two > second.txt');
  await page.waitForTimeout(500);
  await page.reload();
  await prompt(page);
  await enter(page, 'cat first.txt second.txt');
  assert.match(await screen(page), /one\ntwo/);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await prompt(page);
  await enter(page, 'ls *.txt');
  const shown = await screen(page);
  assert.match(shown, /first\.txt/);
  assert.doesNotMatch(shown.split('ls *.txt').pop(), /second/);
}));

test('a damaged session is kept for download and a fresh machine starts', { timeout: 60_000 }, () => atPrompt('damaged', async (page, shot) => {
  await enter(page, 'echo mine > kept.txt');
  await page.waitForTimeout(500);
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('layerlab');
    request.onerror = reject;
    request.onsuccess = () => {
      const parts = request.result.transaction('parts', 'readwrite').objectStore('parts');
      parts.put(new Uint8Array([1, 2, 3]), '06-folder-to-container/log').onsuccess = resolve;
    };
  }));
  await page.reload();
  await prompt(page);
  await page.getByText('The saved session is damaged').waitFor();
  await shot('notice');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the old session' }).click();
  assert.equal((await download).suggestedFilename(), 'layerlab-session.bin');
  await enter(page, 'cat kept.txt');
  assert.match(await screen(page), /^mine$/m);
}));
