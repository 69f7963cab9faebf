import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typedJson } from '../../test/typed.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-new-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice new', () => {
  it('writes what create-sluice writes, and never over anything', async () => {
    const at = join(folder, 'my-node');
    const { code, result, next } = await typedJson(['new', 'plugin', at]);
    expect({ code, name: result.name }).toEqual({ code: 0, name: 'my-node' });
    expect(await readdir(at)).toContain('package.json');
    expect(next).toMatch(/^cd .*my-node && npm install && npm test$/);
    expect(await typedJson(['new', 'plugin', at])).toMatchObject({ code: 1, problems: [{ code: 'CREATE_FOLDER' }] });
  });

  it('refuses templates and names that are none', async () => {
    expect(await typedJson(['new', 'opera', join(folder, 'x')])).toMatchObject({
      code: 2,
      problems: [
        { code: 'SLUICE_CLI_USAGE', message: expect.stringContaining('there is no template opera; there is') },
      ],
    });
    expect(await typedJson(['new', 'plugin', join(folder, 'x'), '--name', 'A'])).toMatchObject({
      code: 2,
      problems: [{ code: 'CREATE_NAME' }],
    });
  });
});
