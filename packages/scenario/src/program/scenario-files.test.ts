import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scenarioFiles } from './scenario-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-files-'));
  for (const name of ['b.scenario.ts', 'a.scenario.mjs', 'agent.ts', 'c.scenario.ts.txt'])
    await writeFile(join(folder, name), '');
});
afterEach(() => rm(folder, { recursive: true }));

it('takes the scenarios of a folder by name, and a file as it is named', async () => {
  const inside = [join(folder, 'a.scenario.mjs'), join(folder, 'b.scenario.ts')];
  expect(await scenarioFiles([folder])).toEqual(inside);
  expect(await scenarioFiles(['one.ts', folder, 'not/there'])).toEqual(['one.ts', ...inside, 'not/there']);
  expect(await scenarioFiles([])).toEqual([]);
});

it('looks into no folder of a folder', async () => {
  await mkdir(join(folder, 'inside'));
  await writeFile(join(folder, 'inside', 'd.scenario.ts'), '');
  expect(await scenarioFiles([folder])).toHaveLength(2);
});
