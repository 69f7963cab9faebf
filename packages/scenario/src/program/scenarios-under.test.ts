import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scenariosUnder } from './scenarios-under.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenarios-under-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('finds the scenarios of all folders but those that are built, hidden or somebody else’s', async () => {
  for (const inside of ['b/deep', 'node_modules/x', 'dist', 'b/dist', '.hidden', 'a.scenario.ts']) {
    await mkdir(join(folder, inside), { recursive: true });
    await writeFile(join(folder, inside, 'one.scenario.ts'), '');
  }
  await writeFile(join(folder, 'z.scenario.ts'), '');
  for (const other of ['z.scenario.js', 'y.scenario.mjs', 'agent.ts', 'c.scenario.ts.txt'])
    await writeFile(join(folder, other), '');
  const found = await scenariosUnder(folder);
  expect(found).toEqual(
    ['a.scenario.ts/one.scenario.ts', 'b/deep/one.scenario.ts', 'y.scenario.mjs', 'z.scenario.ts'].map((path) =>
      join(folder, path),
    ),
  );
});
