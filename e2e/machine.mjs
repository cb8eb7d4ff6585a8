// The machine on the page, as tests use it: type, wait for the prompt, read the screen.

/** What the terminal shows, with its scrollback's visible part; long lines as they are wrapped. */
export const screen = (page) => page.evaluate(() => {
  const rows = [...document.querySelectorAll('.xterm-rows > div')];
  return rows.map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
});

/** All that the terminal has shown, lines whole: what the button below the terminal gives. */
export async function transcript(page) {
  const button = page.locator('.terminal__transcript-button');
  await button.click();
  const text = await page.locator('.terminal__transcript').textContent();
  await button.click();
  return text;
}

/** Waits for an idle prompt; on a first visit the rest of the page may still be on its way. */
export const promptAlone = (page, timeout = 15_000) => page.waitForFunction(() => {
  const rows = [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd());
  return /\$$/.test(rows.filter((row) => row).pop() ?? '');
}, null, { timeout });

/** Waits for an idle prompt in the whole page. */
export async function prompt(page, timeout = 15_000) {
  await page.locator('#first').waitFor({ state: 'detached', timeout });
  await promptAlone(page, timeout);
}

/** Types at the terminal. */
export async function type(page, text) {
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type(text);
}

/** The timeline's marks as text. */
const marks = () => [...document.querySelectorAll('.mark button')].map((mark) => mark.title).join('\n');

/** Enters a command and waits until the machine stands at its mark and the prompt is back. */
export async function enter(page, line, timeout = 15_000) {
  const before = await page.evaluate(marks);
  await type(page, line);
  // From here on the last row is a prompt only when the command has ended.
  await page.waitForFunction((end) => {
    const rows = [...document.querySelectorAll('.xterm-rows > div')];
    return rows.map((row) => row.textContent).join('').replaceAll(/\s/g, '').endsWith(end);
  }, line.replaceAll(/\s/g, '').slice(-16), { timeout });
  await page.keyboard.press('Enter');
  await page.waitForFunction(([old, command]) => {
    const buttons = [...document.querySelectorAll('.mark button')];
    const now = buttons.find((button) => button.getAttribute('aria-current') === 'true');
    return buttons.map((mark) => mark.title).join('\n') !== old && now?.title.includes(command);
  }, [before, line], { timeout });
  await prompt(page, timeout);
}

/** Waits until a goal is reached. */
export const goal = (page, exercise, id) =>
  page.locator(`[data-exercise="${exercise}"] [data-goal="${id}"].goal--done`).waitFor();

/** Replaces a text in the open file and waits until the machine has it. */
export async function save(page, from, to) {
  const editor = page.locator('.cm-content');
  await editor.waitFor();
  await editor.click();
  const text = await editor.evaluate((element) => [...element.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text.replace(from, to));
  await page.keyboard.press('ControlOrMeta+s');
  await page.locator('.editor__status', { hasText: /saved|gespeichert/ }).waitFor();
}
