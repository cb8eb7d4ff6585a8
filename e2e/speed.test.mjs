// What a person waits for, measured and written down as a table, which `cargo xtask e2e` prints at its end. Nothing
// here fails for being slow: other work on the same machine makes times, not the page alone.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { slowLine } from './line.mjs';
import { enter, prompt, promptAlone, screen } from './machine.mjs';
import { openPage } from './page.mjs';

const table = [];
/** Notes a line of the table; `goal` is what we want, in words. */
const note = (what, figure, goal = '') => table.push({ what, figure, goal });
const ms = (value) => `${Math.round(value)} ms`;
const exact = (value) => `${value.toFixed(1)} ms`;
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} KB`;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

after(async () => {
  const wide = (name) => Math.max(...table.map((line) => line[name].length));
  const [first, second] = [wide('what'), wide('figure')];
  const lines = table.map(({ what, figure, goal }) => `  ${what.padEnd(first)}  ${figure.padStart(second)}  ${goal}`.trimEnd());
  await writeFile(new URL('artefacts/speed.txt', import.meta.url), `${lines.join('\n')}\n`);
});

/** Milliseconds for a fixed computation: how fast this machine is just now. */
const yardstick = (page) => page.evaluate(() => {
  const begin = performance.now();
  let sum = 0;
  for (let i = 0; i < 20_000_000; i += 1) sum = (sum * 31 + i) | 0;
  return sum === 1 ? 0 : performance.now() - begin;
});

/** From now on the page notes its largest paint and its long tasks. */
const watching = (page) => page.addInitScript(() => {
  Object.assign(window, { paint: 0, tasks: [] });
  const watch = (type, see) => new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  watch('largest-contentful-paint', (entry) => { window.paint = entry.startTime; });
  watch('longtask', (entry) => window.tasks.push(entry.duration));
});

const sinceStart = (page) => page.evaluate(() => performance.now());

test('a first visit on this machine', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('speed', { rest: 2000, before: watching });
  await promptAlone(page);
  const ready = await sinceStart(page);
  await prompt(page);
  const whole = await sinceStart(page);
  note('a fixed computation, to compare machines', ms(await yardstick(page)));
  note('prompt, localhost', ms(ready), 'at most 500 ms');
  note('  the whole page', ms(whole));
  note('largest paint, localhost', ms(await page.evaluate(() => window.paint)));
  assert.deepEqual(problems, []);
  await close();
});

test('a first visit on a slow line and a slow processor', { timeout: 120_000 }, async () => {
  const line = await slowLine(process.env.LAYERLAB_URL, { bits: 1.6e6, trip: 150 });
  const { page, problems, close } = await openPage('speed-slow', {
    path: line.address,
    rest: 2000,
    before: async (page) => {
      await watching(page);
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    },
  });
  await promptAlone(page, 60_000);
  const [ready, paint, origin] = [await sinceStart(page), ...await page.evaluate(() => [window.paint, performance.timeOrigin])];
  const bytes = line.received(origin + ready);
  note('received until the lesson is readable', kilobytes(line.received(origin + paint)), 'at most 250 KB');
  note('received until the prompt is there', kilobytes(bytes), 'at most 1000 KB');
  note('largest paint, 1.6 Mbit/s, 150 ms, CPU/4', ms(paint), 'at most 1200 ms');
  note('prompt, 1.6 Mbit/s, 150 ms, CPU/4', ms(ready), 'at most 4000 ms');
  note('  of which the line alone needs', ms((bytes * 8) / 1600 + 150));
  await prompt(page, 60_000);
  note('  the whole page', ms(await sinceStart(page)));
  assert.deepEqual(problems, []);
  await close();
  line.close();
});

/** The milliseconds from each key to its letter in the terminal's rows. */
async function echoes(page) {
  await page.evaluate(() => {
    const rows = document.querySelector('.xterm-rows');
    const length = () => rows.textContent.replaceAll(/[\s\u00a0]/g, '').length;
    let [began, before] = [0, 0];
    window.echoes = [];
    addEventListener('keydown', () => { [began, before] = [performance.now(), length()]; }, true);
    new MutationObserver(() => {
      if (!began || length() <= before) return;
      window.echoes.push(performance.now() - began);
      began = 0;
    }).observe(rows, { subtree: true, childList: true, characterData: true });
  });
  await page.locator('.xterm-helper-textarea').focus();
  for (const letter of 'thequickbrownfoxjumpsoverthelazydogandon') {
    await page.keyboard.press(letter);
    await page.waitForTimeout(45);
  }
  return page.evaluate(() => window.echoes);
}

test('keys, beside a terminal with nothing behind it', { timeout: 60_000 }, async () => {
  const { page, problems, close } = await openPage('speed-keys');
  await prompt(page);
  await page.waitForTimeout(2000);
  const ours = await echoes(page);
  const bare = await page.context().newPage();
  const lib = new URL('../web/node_modules/@xterm/xterm/', import.meta.url);
  await bare.setContent('<div id="place" style="width: 900px; height: 400px"></div>');
  await bare.addStyleTag({ content: await readFile(new URL('css/xterm.css', lib), 'utf8') });
  await bare.addScriptTag({ content: await readFile(new URL('lib/xterm.js', lib), 'utf8') });
  await bare.evaluate(() => {
    const terminal = new window.Terminal({ cols: 100, rows: 20 });
    terminal.open(document.getElementById('place'));
    terminal.onData((text) => terminal.write(text));
  });
  const theirs = await echoes(bare);
  note('key to letter, median', exact(median(ours)));
  note('  the same in bare xterm.js', exact(median(theirs)));
  note('  more than that', exact(median(ours) - median(theirs)), 'at most 16.7 ms, a frame');
  assert.ok(ours.length > 30 && theirs.length > 30, `${ours.length} and ${theirs.length} keys were seen`);
  assert.deepEqual(problems, []);
  await close();
});

/** Enters a command; the milliseconds that the worker was busy until the prompt, in turns and in answering. */
async function workerTime(page, command) {
  const [worker] = page.workers();
  await worker.evaluate(() => {
    self.spent = 0;
    if (self.timed) return;
    self.timed = (work) => function timed(...given) {
      const begin = performance.now();
      try {
        return work.apply(this, given);
      } finally {
        self.spent += performance.now() - begin;
      }
    };
    const later = self.setTimeout;
    self.setTimeout = (work, ...rest) => later(self.timed(work), ...rest);
    self.onmessage = self.timed(self.onmessage);
  });
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.insertText(command);
  await page.waitForTimeout(500);
  await worker.evaluate(() => { self.spent = 0; });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /\$\s*\S/.test(document.querySelector('.xterm-rows').textContent));
  await prompt(page, 120_000);
  return worker.evaluate(() => self.spent);
}

test('builds', { timeout: 240_000 }, async () => {
  const { page, problems, close } = await openPage('speed-build', { before: watching });
  await prompt(page);
  await page.waitForTimeout(1500);
  await page.evaluate(() => window.tasks.splice(0));
  const begin = performance.now();
  await enter(page, 'docker build -t notes:1.0 .', 60_000);
  note('a first build of the notes', ms(performance.now() - begin));
  const again = performance.now();
  await enter(page, 'docker build -t notes:1.0 .', 60_000);
  note('the same from the cache', ms(performance.now() - again));
  const tasks = await page.evaluate(() => window.tasks);
  note('page tasks over 50 ms meanwhile', `${tasks.length}`, 'none');
  note('  the longest', ms(Math.max(0, ...tasks)));

  await enter(page, "mkdir big && cd big && head -c 8000000 /dev/urandom | split -b 8000 -a 3 - f && echo FROM scratch > Dockerfile", 60_000);
  await enter(page, 'for d in a b c d e f g h i j k l m n o p q r s t; do mkdir $d; mv $(ls f* | head -50) $d; echo "COPY $d /$d" >> Dockerfile; done', 60_000);
  await enter(page, 'ls */* | wc -l; wc -l Dockerfile', 60_000);
  await enter(page, 'docker build -q -t big .', 120_000);
  const times = [];
  for (let round = 0; round < 5; round += 1) times.push(await workerTime(page, 'docker build -q -t big .'));
  note('20 COPY steps over 1,000 files (8 MB) from the cache, in the worker, least of 5', exact(Math.min(...times)), 'at most 20 ms');
  note('  the most', exact(Math.max(...times)));
  note('  an empty command, the same way', exact(await workerTime(page, 'true')));
  assert.deepEqual(problems, []);
  await close();
});

test('a list of 1,000 containers', { timeout: 300_000 }, async () => {
  const { page, problems, close } = await openPage('speed-many');
  await prompt(page);
  await enter(page, 'docker pull -q alpine', 60_000);
  await enter(page, 'for i in $(seq 1000); do docker create alpine true; done > /dev/null', 240_000);
  await enter(page, 'docker ps -aq | wc -l');
  assert.match(await screen(page), /^1000$/m);
  const times = [];
  for (let round = 0; round < 5; round += 1) times.push(await workerTime(page, 'docker ps -a > /dev/null'));
  note('docker ps of 1,000 containers, in the worker, least of 5', exact(Math.min(...times)), 'at most 25 ms');
  note('  the most', exact(Math.max(...times)));
  assert.deepEqual(problems, []);
  await close();
});

test('motion in the picture', { timeout: 240_000 }, async () => {
  const { page, problems, shot, close } = await openPage('speed-motion');
  await prompt(page);
  await enter(page, 'for i in $(seq 30); do docker run -d nginx:alpine; done', 120_000);
  await page.waitForFunction(() => document.querySelectorAll('.picture .bar').length >= 200);
  await page.waitForTimeout(1000);
  const frames = await page.evaluate(async () => {
    const moving = [...document.querySelectorAll('.picture .bar')].slice(0, 200);
    // As new ones arrive, all the time.
    for (const bar of moving) bar.style.animation = 'arrive 400ms infinite alternate';
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    await frame();
    const begin = performance.now();
    let [count, now] = [0, begin];
    while (now - begin < 3000) {
      await frame();
      now = performance.now();
      count += 1;
    }
    return { moving: moving.length, rate: (count * 1000) / (now - begin) };
  });
  await shot('moving');
  note(`frames a second with ${frames.moving} moving nodes`, frames.rate.toFixed(0), 'at least 50');
  assert.deepEqual(problems, []);
  await close();
});
