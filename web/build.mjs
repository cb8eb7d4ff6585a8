// Bundles what the page takes from npm into ../assets/vendor, fonts into ../assets/fonts, and
// the style sheets that style/main.css imports into ../assets/style.css.
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';
import { texts } from './teach/texts.js';

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, '..', 'assets');
const minify = process.argv.includes('--release');

const fonts = [
  '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  '@fontsource-variable/inter/files/inter-latin-wght-italic.woff2',
  '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
];

const common = {
  bundle: true,
  minify,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: here,
};

// What is no longer bundled must not linger: Trunk copies these folders whole.
for (const folder of ['vendor', 'fonts']) {
  await rm(join(assets, folder), { recursive: true, force: true });
  await mkdir(join(assets, folder), { recursive: true });
}

for (const [name, forms] of Object.entries(texts)) {
  const places = forms.map((form) => (form.match(/\{\d\}/g) ?? []).sort().join());
  if (forms.length !== 2 || !forms.every((form) => form.trim()) || places[0] !== places[1]) {
    throw new Error(`web/teach/texts.js: ${name} is not the same in both languages`);
  }
}

// The terminal alone: what it shares with the others (keys.js) is small, and one request less on a first visit.
for (const entryPoints of [['terminal.js'], ['editor.js', 'share.js', 'teach.js', 'files.js']]) {
  await build({
    ...common,
    entryPoints,
    outdir: join(assets, 'vendor'),
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    target: 'es2022',
  });
}

if (existsSync(join(here, '..', 'style', 'main.css'))) {
  await build({
    ...common,
    entryPoints: [join(here, '..', 'style', 'main.css')],
    outfile: join(assets, 'style.css'),
    // Fonts and images keep their address: it is relative to the page's folder.
    external: ['*.woff2', '*.svg', '*.png'],
  });
}

// Fonts keep the weights that the style sheets use (tokens.css) and one form of each letter: no ligatures
// of code, no alternates.
const { latin } = JSON.parse(await readFile(join(here, 'node_modules/@fontsource-variable/inter/unicode.json'), 'utf8'));
const letters = latin.split(',').flatMap((range) => {
  const [from, to = from] = range.replace('U+', '').split('-').map((number) => parseInt(number, 16));
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
}).join('');
const narrowed = { targetFormat: 'woff2', noLayoutClosure: true, variationAxes: { wght: { min: 400, max: 700 } } };
for (const font of fonts) {
  const whole = await readFile(join(here, 'node_modules', font));
  await writeFile(join(assets, 'fonts', font.split('/').pop()), await subsetFont(whole, letters, narrowed));
}

// The licences ask that their text goes along.
const { dependencies } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));
const notices = await Promise.all(Object.keys(dependencies).map(async (name) => {
  const folder = join(here, 'node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}));
await writeFile(join(assets, 'vendor', 'LICENSES.txt'), notices.join(`\n${'-'.repeat(72)}\n\n`));
