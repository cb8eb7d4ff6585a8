// What a person waits for, measured and written down; nothing here fails for being slow. Figures are
// also given as ratios to a fixed computation on the same machine in the same run.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { enter, prompt } from './machine.mjs';
import { openPage } from './page.mjs';

/** Milliseconds for a fixed computation: how fast this machine is just now. */
const yardstick = (page) => page.evaluate(() => {
  const begin = performance.now();
  let sum = 0;
  for (let i = 0; i < 20_000_000; i += 1) sum = (sum * 31 + i) | 0;
  return sum === 1 ? 0 : performance.now() - begin;
});

test('the time to a prompt, and the page stays free while a build runs', async () => {
  const { page, problems, close } = await openPage('speed', { rest: 2000 });
  await prompt(page);
  const ready = await page.evaluate(() => performance.now());
  const unit = await yardstick(page);
  await page.evaluate(() => {
    window.layerlabTasks = [];
    new PerformanceObserver((list) => window.layerlabTasks.push(...list.getEntries().map((entry) => entry.duration)))
      .observe({ entryTypes: ['longtask'] });
  });
  const begin = performance.now();
  await enter(page, 'docker build -t notes:1.0 .', 60_000);
  const build = performance.now() - begin;
  const again = performance.now();
  await enter(page, 'docker build -t notes:1.0 .', 60_000);
  const cached = performance.now() - again;
  const tasks = await page.evaluate(() => window.layerlabTasks);
  const figures = {
    yardstick_ms: Math.round(unit),
    prompt_ms: Math.round(ready),
    prompt_ratio: Number((ready / unit).toFixed(1)),
    first_build_ms: Math.round(build),
    cached_build_ms: Math.round(cached),
    cached_to_first: Number((cached / build).toFixed(3)),
    page_tasks_over_50_ms: tasks.length,
    longest_page_task_ms: Math.round(Math.max(0, ...tasks)),
  };
  console.log(JSON.stringify(figures));
  await writeFile(new URL('artefacts/speed.json', import.meta.url), `${JSON.stringify(figures, null, 2)}\n`);
  assert.deepEqual(problems, []);
  await close();
});
