import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rollup } from 'rollup';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/bundling.md'), 'utf8');
const cache = join(root, 'node_modules/.cache');
let folder: string;
beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  // From here the packages are seen that stay outside of a bundle.
  folder = mkdtempSync(join(cache, 'bundlers-'));
  writeFileSync(join(folder, 'main.js'), main);
  writeFileSync(join(folder, 'bot.js'), bot);
});
afterAll(() => rmSync(folder, { recursive: true }));

const main = `import { graph } from '@sluice/core';
import { bot } from './bot.js';
await bot(graph('bundled'));
`;
const bot = `import { toFrames, fromTone, gain } from '@sluice/nodes';
export async function bot(graph) {
  const heard = toFrames();
  graph.from(fromTone({ duration: 1 })).pipe(gain({ db: -3 })).to(heard);
  await graph.run();
  console.log((await heard.finished).length);
}
`;

/** What a bundle prints: the frames of a second. */
async function printed(file: string): Promise<string> {
  const text = readFileSync(file, 'utf8');
  // One file of our own sources, and packages outside of it.
  expect(text).not.toContain('./bot.js');
  expect(text).toMatch(/from ?["']@sluice\/nodes["']/);
  return (await promisify(execFile)(process.execPath, [file], { cwd: folder })).stdout;
}

describe('a bot in a bundle as docs/bundling.md says', () => {
  it('runs from Rollup', async () => {
    expect(page).toContain('`external: (id) => !/^[./]/.test(id)`');
    const bundle = await rollup({ input: join(folder, 'main.js'), external: (id) => !/^[./]/.test(id) });
    const file = join(folder, 'rollup.mjs');
    await bundle.write({ file, format: 'es' });
    expect(await printed(file)).toBe('50\n');
  });

  it('runs from Vite', async () => {
    for (const words of ["`build: { ssr: 'main.ts' }`", '`ssr: { external: true }`']) expect(page).toContain(words);
    const outDir = join(folder, 'vite');
    await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      // Here the packages are linked.
      ssr: { external: true },
      build: { ssr: join(folder, 'main.js'), outDir, rollupOptions: { output: { entryFileNames: 'main.mjs' } } },
    });
    expect(await printed(join(outDir, 'main.mjs'))).toBe('50\n');
  });
});
