import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPart } from './create-part.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-part-'));
  await writeFile(join(folder, 'package.json'), '{ "name": "mine" }');
});
afterEach(() => rm(folder, { recursive: true }));

describe('createPart', () => {
  it('adds a node and its test under a name', async () => {
    const directory = join(folder, 'src/nodes');
    const made = await createPart({ part: 'node', name: 'my-gain', directory });
    expect(made).toEqual({
      part: 'node',
      name: 'my-gain',
      exported: 'myGain',
      files: [join(directory, 'my-gain.test.ts'), join(directory, 'my-gain.ts')],
    });
    const text = await readFile(join(directory, 'my-gain.ts'), 'utf8');
    expect(text).toContain("export const myGain = defineNode({\n  name: 'my-gain',\n  package: 'mine',");
    for (const file of made.files) expect(await readFile(file, 'utf8')).not.toMatch(/__[A-Z]+__/);
  });

  it('overwrites nothing, and writes nothing where one file is there', async () => {
    await writeFile(join(folder, 'tune.test.ts'), 'mine');
    const again = createPart({ part: 'example', name: 'tune', directory: folder });
    await expect(again).rejects.toMatchObject({
      code: 'CREATE_FOLDER',
      message: expect.stringMatching(/tune\.test\.ts is there/),
    });
    expect((await readdir(folder)).sort()).toEqual(['package.json', 'tune.test.ts']);
  });

  it('refuses names that are none, and parts that there are none of', async () => {
    for (const name of ['', 'A', '../up', 'a_b', '-a', 'delete', '1st'])
      await expect(createPart({ part: 'node', name, directory: folder })).rejects.toMatchObject({
        code: 'CREATE_NAME',
      });
    // @ts-expect-error no part
    await expect(createPart({ part: 'opera', name: 'a', directory: folder })).rejects.toMatchObject({
      code: 'CREATE_TEMPLATE',
    });
  });

  it('says what the disk said', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createPart({ part: 'node', name: 'a', directory: join(folder, 'file') })).rejects.toMatchObject({
      code: 'CREATE_WRITE',
    });
  });
});
