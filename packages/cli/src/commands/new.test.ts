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
        { code: 'SLUICE_CLI_USAGE', message: expect.stringMatching(/no template opera; there is talkback, .*See/) },
      ],
    });
    expect(await typedJson(['new', 'plugin', join(folder, 'x'), '--name', 'A'])).toMatchObject({
      code: 2,
      problems: [{ code: 'CREATE_NAME' }],
    });
  });

  it('adds a node or an example to a project', async () => {
    const made = await typedJson(['new', 'node', 'my-gain', '--in', folder]);
    expect(made).toMatchObject({ code: 0, result: { exported: 'myGain' }, next: 'sluice docs writing-nodes' });
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['my-gain.ts', 'my-gain.test.ts']));
    expect(await typedJson(['new', 'node', 'my-gain', '--in', folder])).toMatchObject({ code: 1 });
    const { next } = await typedJson(['new', 'example', 'tune', '--in', folder]);
    expect(next).toMatch(/^sluice run .*tune\.ts$/);
    expect(await typedJson(['new', 'node', 'x', '--name', 'y'])).toMatchObject({ code: 2 });
    expect(await typedJson(['new', 'plugin', 'x', '--in', 'y'])).toMatchObject({ code: 2 });
  });
});
