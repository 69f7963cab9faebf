import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as examples from '../../scripts/site/node-examples/examples.mjs';
import { noExamples } from '../../scripts/site/node-examples/no-examples.mjs';
import { sidebarsOf } from '../../scripts/site/sidebar.mjs';
import { outsideOfCode } from '../../scripts/site/stage-pages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const into = 'out/site-test';
const [pages, site] = [join(root, into, 'pages'), join(root, into, 'site')];
/** The whole site but for the pages of the API, which would take as long again. */
beforeAll(async () => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:vitest|node_env$|test$)/i.test(name)),
  );
  await promisify(execFile)(process.execPath, ['scripts/site/build-site.mjs', '--no-api', '--into', into], {
    cwd: root,
    env,
  });
}, 300_000);
afterAll(() => rmSync(join(root, into), { recursive: true, force: true }));

/** The names that headings and anchors of a page are linked to by. */
function anchorsOf(path: string): ReadonlySet<string> {
  const text = readFileSync(path, 'utf8');
  const given = [...text.matchAll(/id="([^"]+)"/g)].map(([, id]) => id!);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/\[(.*?)\]\(.*?\)/g, '$1')
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...given, ...headings]);
}

function deadLinks(page: string): readonly string[] {
  const dead: string[] = [];
  outsideOfCode(readFileSync(join(pages, page), 'utf8'), (part) => {
    for (const [, link] of part.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [path, anchor] = link!.split('#');
      const target = path === '' ? join(pages, page) : join(pages, dirname(page), path!);
      if (!existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor)))
        dead.push(`${page}: ${link}`);
    }
    return part;
  });
  return dead;
}

/** Of an example's sound, in dBFS. */
function loudnessOf(name: string): number {
  const bytes = readFileSync(join(pages, `nodes/examples/${name}.wav`)).subarray(80);
  const squares = Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at) ** 2);
  return 10 * Math.log10(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

it('the site has a page for each node, and no link that leads nowhere', () => {
  const names = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  expect(names.length).toBeGreaterThan(120);
  expect(names.flatMap(deadLinks)).toEqual([]);

  const gain = readFileSync(join(pages, 'nodes/gain.md'), 'utf8');
  expect(gain).toContain('![gain between what stands before and behind it](./gain.svg)');
  expect(gain).toContain(
    '| `db?` | <code v-pre>number</code> | Decibels, up to +60; `-Infinity` is silence. Default 0. |',
  );
  expect(readFileSync(join(pages, 'nodes/gain.svg'), 'utf8')).toContain('>audio</text>');
  expect(gain).toContain('```js\nvoice.pipe(gain({ db: -12 }))\n```');
  expect(gain).toContain('<source src="./examples/gain.wav" type="audio/wav">');
  expect(loudnessOf('gain') - loudnessOf('voice')).toBeCloseTo(-12, 1);
  expect(readFileSync(join(pages, 'nodes/grayscale.md'), 'utf8')).toContain('](./examples/grayscale.1.png)');
  expect(readFileSync(join(pages, 'nodes/level.md'), 'utf8')).toMatch(/\{ timestamp: 500000, rmsDb: -\d/);
  expect(readFileSync(join(pages, 'nodes/silence.md'), 'utf8')).toContain(
    '{ recognizerLatencyMs: 700, endsAfterMs: 750 }',
  );
  expect(readFileSync(join(pages, 'nodes/toWavFile.md'), 'utf8')).toContain('duration: 3000000');
  const nodePages = names.filter((name) => name.startsWith('nodes/'));
  expect(nodePages.filter((name) => !existsSync(join(pages, name.replace('.md', '.svg'))))).toEqual([]);
  for (const name of Object.values(examples).flatMap(Object.keys)) expect(names).toContain(`nodes/${name}.md`);

  const bars = readFileSync(join(pages, 'bars/benchmarks-2.svg'), 'utf8');
  expect(bars).toContain('<title>seconds of sound for a second of processor</title>');
  expect(bars).toContain('width="340.0" height="13"/><text x="646" y="48">545</text>');

  const listed = Object.values(sidebarsOf(pages))
    .flat()
    .flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`));
  expect(listed.toSorted()).toEqual(names.filter((name) => name !== 'index.md').toSorted());
});

it('each node has an example that was run, or the reason why it has none', () => {
  const pageOf = (name: string) => readFileSync(join(pages, 'nodes', name), 'utf8');
  const written = readdirSync(join(pages, 'nodes')).filter((name) => name.endsWith('.md'));
  const without = written.filter((name) => !/^## (?:Heard|Seen|Told)$/m.test(pageOf(name)));
  expect(without).toEqual(
    Object.keys(noExamples)
      .map((name) => `${name}.md`)
      .toSorted(),
  );
  for (const name of without)
    expect(pageOf(name)).toMatch(/## No example\n\n.+\[Services\]\(\.\.\/voice\.md#services\)/);

  // Through a call, a telephone line and a conversation, not only written.
  for (const name of [
    'toMicrophone',
    'fromCall',
    'fromSpeaker',
    'toWhip',
    'toCustomAudio',
    'mediaSocket',
    'voiceAgent',
  ])
    expect(loudnessOf(name), name).toBeGreaterThan(-40);
  expect(loudnessOf('fromSubject') - loudnessOf('voice')).toBeCloseTo(0, 3);
  expect(pageOf('SayQueue.md')).toContain("heardText: 'We are open from nine to six.'");
  expect(pageOf('fromParticipantVideo.md')).toContain('](./examples/toCamera.2.png)');
});

it('the site is built: each page with what is heard and seen on it', () => {
  const html = (page: string) => readFileSync(join(site, `${page}.html`), 'utf8');
  const built = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const written = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  expect(written.filter((name) => !built.includes(name.replace('.md', '.html')))).toEqual([]);

  const [, sound = ''] = /<audio [^>]*><source src="([^"]+)"/.exec(html('nodes/valve')) ?? [];
  for (const page of ['inspector', 'testing', 'nodes/valve']) {
    const pictures = [...html(page).matchAll(/<img src="(?!data:)([^"]+)"/g)].map(([, path]) => path!);
    expect(pictures.length, page).toBeGreaterThan(1);
    expect([...pictures, sound].filter((path) => !existsSync(join(site, path)))).toEqual([]);
  }
});
