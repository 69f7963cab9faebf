import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe('sluice bench', () => {
  it('runs each file in a process of its own, and fails where one does', async () => {
    const good = join(folder, 'good.bench.mjs');
    const bad = join(folder, 'bad.bench.mjs');
    await writeFile(good, 'globalThis.left = (globalThis.left ?? 0) + 1; console.log(globalThis.left, "ns");');
    await writeFile(bad, 'process.exit(3);');
    expect(await typed(['bench', good, good])).toEqual({ code: 0, out: '1 ns\n1 ns\n', err: `${good}\n${good}\n` });
    expect(await typedJson(['bench', bad, good])).toMatchObject({
      code: 1,
      result: [
        { file: bad, code: 3, lines: [] },
        { file: good, code: 0, lines: ['1 ns'] },
      ],
      problems: [{ message: `${bad} ended with 3` }],
    });
  });

  it('says what is not there', async () => {
    expect(await typedJson(['bench', join(folder, 'none.bench.ts')])).toMatchObject({
      code: 2,
      problems: [{ code: 'SLUICE_CLI_FILE' }],
    });
    expect(await typedJson(['bench', '--quick'])).toMatchObject({ code: 2 });
  });
});
