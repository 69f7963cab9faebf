import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { blockFaults } from './block-program.ts';
import { codeBlocks } from './code-blocks.ts';
import { examplesOf, sourceExamples } from './source-examples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Pages whose blocks are installed as they say. */
const guides = [
  ...[
    'bundling',
    'calls',
    'daily-python',
    'deploying',
    'files',
    'from-pipecat',
    'interruption',
    'metrics',
    'recording',
  ],
  ...['remote-links', 'scenarios', 'sessions', 'testing', 'video', 'voice', 'writing-nodes'],
];
const made = (page: string) => (code: string) => ({ page, line: 10, language: 'ts', code }) as const;
const inGuide = made('docs/made-up.md');
const [onPage, inSource] = [made('packages/nodes/made-up.md'), made('packages/nodes/src/made-up.ts')];
const wrong = [
  onPage("fromWavFile('in.wav').pipe(gain({ decibels: -6 })).subscribe(toWavFile('out.wav'));\n"),
  onPage("import { gain } from '@sluice/nodes';\nfromWavFile('in.wav').pipe(gain());\n"),
  inGuide("fromWavFile('in.wav');\n"),
  inSource('voice.pipe(gain({ db: -6 })).to(loudspeaker);\n'),
];

const [blocks, examples] = [codeBlocks(root), sourceExamples(root)];
let faults: readonly string[] = [];
beforeAll(() => {
  // One program for all: what they import is read and checked once.
  faults = blockFaults(root, [...blocks, ...examples, ...wrong]);
}, 120_000);
const faultsIn = (page: RegExp) => faults.filter((fault) => page.test(fault));

it('each block of code in the pages and each example in the sources compiles as it stands', () => {
  expect(blocks.length).toBeGreaterThan(50);
  expect(examples.length).toBeGreaterThan(150);
  expect(faults.filter((fault) => !/\/made-up\.(md|ts):/.test(fault))).toEqual([]);
});

it('each guide says how to install what its blocks import', () => {
  for (const guide of guides) {
    const text = readFileSync(`${root}docs/${guide}.md`, 'utf8');
    const installed = [...text.matchAll(/npm install(?:[^\n]*\\\n)*[^\n]*/g)].map(([line]) => line).join(' ');
    const imported = blocks
      .filter(({ page }) => page === `docs/${guide}.md`)
      .flatMap(({ code }) =>
        [...code.matchAll(/ from '((?:@sluice\/)?(?!\.|node:|[a-z]+:)[\w-]+)/g)].map(([, name]) => name!),
      );
    expect(installed, guide).not.toBe('');
    expect(
      [...new Set(imported)].filter((name) => !installed.split(/\s+/).includes(name)),
      guide,
    ).toEqual([]);
  }
});

it('one that uses what is not there, or not as it is, is told by its line', () => {
  expect(faultsIn(/^docs\/made-up/)).toEqual([
    expect.stringMatching(/^docs\/made-up\.md:10 Cannot find name 'fromWavFile'/),
  ]);
  expect(faultsIn(/^packages\/nodes\/made-up/)).toEqual([
    expect.stringMatching(/^packages\/nodes\/made-up\.md:10 .*'decibels' does not exist/),
    expect.stringMatching(/^packages\/nodes\/made-up\.md:11 Cannot find name 'fromWavFile'/),
  ]);
  expect(faultsIn(/^packages\/nodes\/src\/made-up/)).toEqual([
    expect.stringMatching(/^packages\/nodes\/src\/made-up\.ts:10 Cannot find name 'loudspeaker'/),
  ]);
});

it('finds the examples of a source, fenced or not, with their lines', () => {
  const page = 'packages/nodes/src/made-up.ts';
  const source = [
    '/**',
    ' * Softer.',
    ' *',
    ' * @example',
    ' * const soft = gain();',
    ' * soft.setGain(-6);',
    ' * @see level',
    ' */',
    'export interface Made {',
    '  /**',
    '   * @example',
    '   * In a graph:',
    '   * ```ts',
    '   * voice.pipe(gain())',
    '   * ```',
    '   */',
    '  readonly up: string;',
    '}',
    '',
  ].join('\n');
  expect(examplesOf(page, source)).toEqual([
    { page, line: 5, language: 'ts', code: 'const soft = gain();\nsoft.setGain(-6);\n' },
    { page, line: 14, language: 'ts', code: 'voice.pipe(gain())\n' },
  ]);
});
