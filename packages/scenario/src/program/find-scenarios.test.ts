import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scenario } from '../scenario.ts';
import { findScenarios } from './find-scenarios.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-scenarios-'));
  Object.assign(globalThis, { make: (name: string) => scenario(name, { agent: () => ({}) as never }, async () => {}) });
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
  return file;
}

it('finds those of files and of folders however deep, each once, again too', async () => {
  const a = await write('a.scenario.mjs', `make('one'); make('two');`);
  await write('b/c/d.scenario.mjs', `make('one');`);
  const plain = await write('b/plain.mjs', `make('three');`);
  const found = async () =>
    (await findScenarios([a, folder, plain])).map(({ file, scenario: { name } }) => [file, name]);
  const all = [
    ['a.scenario.mjs', 'one'],
    ['a.scenario.mjs', 'two'],
    ['b/c/d.scenario.mjs', 'one'],
    ['b/plain.mjs', 'three'],
  ].map(([file, name]) => [relative('.', join(folder, file!)), name]);
  expect(await found()).toEqual(all);
  expect(await found()).toEqual(all);
});

it.each([
  ['nothing.scenario.mjs', undefined, 'SLUICE_SCENARIO_NOT_FOUND', /no file and no folder .*nothing/],
  ['empty/agent.mjs', 'empty', 'SLUICE_SCENARIO_NOT_FOUND', /no file in .*empty is named \*\.scenario\.ts/],
  ['none.mjs', 'export const nothing = 1;', 'SLUICE_SCENARIO_NOT_FOUND', /none.mjs makes no scenario/],
  ['bad.mjs', `throw new Error('broken');`, 'SLUICE_SCENARIO_FILE', /bad.mjs cannot be loaded: broken/],
  ['twice.mjs', `make('one'); make('one');`, 'SLUICE_SCENARIO_TWICE', /twice.mjs has two scenarios of the name "one"/],
])('tells what is wrong with %s', async (path, text, code, message) => {
  if (text !== undefined) await write(path, text);
  const named = text === 'empty' ? join(folder, 'empty') : join(folder, path);
  await expect(findScenarios([named])).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
