import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { typed } from '../../test/typed.ts';

// As where nothing reads TypeScript: in this repository ts-node does.
vi.mock('../programs/load-module.ts', async () => {
  const { notInstalled } = await import('../errors.ts');
  const readTypeScript = (near: string) => {
    throw notInstalled(`${near} is TypeScript`, 'npm install ts-node');
  };
  return { readTypeScript };
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice scenario', () => {
  it('names the file that nothing here reads, of a folder too, and what reads it', async () => {
    const file = join(folder, 'one.scenario.ts');
    await writeFile(file, '');
    for (const named of [file, folder])
      expect(await typed(['scenario', named])).toEqual({
        code: 3,
        out: '',
        err: `SLUICE_CLI_ENVIRONMENT: ${file} is TypeScript. npm install ts-node\n`,
      });
  });
});
