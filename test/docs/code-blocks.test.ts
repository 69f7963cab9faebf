import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { blockFaults } from './block-program.ts';
import { codeBlocks } from './code-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('each block of code in the pages compiles as it stands', { timeout: 120_000 }, () => {
  const blocks = codeBlocks(root);
  expect(blocks.length).toBeGreaterThan(50);
  expect(blockFaults(root, blocks)).toEqual([]);
});

it('a block that uses what is not there, or not as it is, is told by its line', { timeout: 120_000 }, () => {
  const page = 'docs/made-up.md';
  const block = (code: string) => ({ page, line: 10, language: 'ts', code }) as const;
  const faults = blockFaults(root, [
    block("fromWavFile('in.wav').pipe(gain({ decibels: -6 })).subscribe(toWavFile('out.wav'));\n"),
    block("import { gain } from '@sluice/nodes';\nfromWavFile('in.wav').pipe(gain());\n"),
  ]);
  expect(faults).toHaveLength(2);
  expect(faults[0]).toMatch(/^docs\/made-up\.md:10 .*'decibels' does not exist/);
  expect(faults[1]).toMatch(/^docs\/made-up\.md:11 Cannot find name 'fromWavFile'/);
});
