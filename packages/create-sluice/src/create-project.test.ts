import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject } from './create-project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-project-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...path: readonly string[]) => join(folder, ...path);
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'CreateError', code, message: expect.stringMatching(message) });

describe('createProject', () => {
  it('writes every file of the template under the name of the folder', async () => {
    const project = await createProject({ directory: at('deep', 'my-node'), template: 'plugin' });
    expect(project).toMatchObject({ directory: at('deep', 'my-node'), name: 'my-node', template: 'plugin' });
    expect(project.files).toEqual(
      expect.arrayContaining([
        '.github/workflows/ci.yml',
        '.gitignore',
        'AGENTS.md',
        'README.md',
        'package.json',
        'src/conformance.ts',
        'src/from-hum.ts',
        'src/to-levels.ts',
        'src/tremolo.ts',
        'tsconfig.json',
      ]),
    );
    const written = await readdir(project.directory, { recursive: true, withFileTypes: true });
    expect(written.filter((entry) => entry.isFile())).toHaveLength(project.files.length);
    for (const file of project.files)
      expect(await readFile(join(project.directory, file), 'utf8'), file).not.toMatch(/__[A-Z_]+__/);
    const manifest = JSON.parse(await readFile(join(project.directory, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'my-node', keywords: expect.arrayContaining(['sluice-plugin']) });
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['@sluice/core', 'rxjs']);
  });

  it('takes a name that is not that of the folder', async () => {
    await createProject({ directory: at('here'), template: 'plugin', name: '@me/my-node' });
    expect(await readFile(at('here/README.md'), 'utf8')).toMatch(/^# @me\/my-node\n/);
  });

  it('goes into an empty folder and a fresh clone', async () => {
    await mkdir(at('clone/.git'), { recursive: true });
    await writeFile(at('clone/.git/HEAD'), 'ref');
    await createProject({ directory: at('clone'), template: 'plugin' });
    expect(await readdir(at('clone'))).toContain('.git');
    await mkdir(at('empty'));
    await createProject({ directory: at('empty'), template: 'plugin' });
  });

  it('refuses a folder with anything in it, names what, and leaves it as it is', async () => {
    await createProject({ directory: at('my-node'), template: 'plugin' });
    await writeFile(at('my-node/README.md'), 'mine');
    const again = createProject({ directory: at('my-node'), template: 'plugin' });
    await expect(again).rejects.toEqual(
      refused('CREATE_FOLDER', /is not empty \(.+, and \d+ more\); give a new or empty/),
    );
    expect(await readFile(at('my-node/README.md'), 'utf8')).toBe('mine');
  });

  it('says what the disk said where it cannot write', async () => {
    await symlink(at('gone/away'), at('link'));
    const written = createProject({ directory: at('link'), template: 'plugin' });
    await expect(written).rejects.toEqual(refused('CREATE_WRITE', /link.* cannot be written: E/));
  });

  it('refuses what is no folder, and says what the disk said', async () => {
    await writeFile(at('file'), '');
    const onFile = createProject({ directory: at('file'), template: 'plugin' });
    await expect(onFile).rejects.toEqual(refused('CREATE_FOLDER', /file is no folder/));
    const below = createProject({ directory: at('file/below'), template: 'plugin' });
    await expect(below).rejects.toEqual(refused('CREATE_FOLDER', /no folder that can be read/));
  });

  it.each([
    ['', /it is empty/],
    ['a'.repeat(215), /longer than 214/],
    ['My-Node', /capitals; try "my-node"/],
    ['.hidden', /begins with none of/],
    ['_private', /begins with none of/],
    ['two words', /blanks; try "two-words"/],
    ['../up', /may have lower-case letters/],
    ['quote"', /may have lower-case letters/],
    ['@scope', /@scope\/name/],
    ['@scope/a/b', /@scope\/name/],
    ['node_modules', /reserved/],
    ['http', /a module of Node/],
    ['node:fs', /may have lower-case letters/],
    ['rxjs', /is one that the new one needs/],
    ['@sluice/core', /is one that the new one needs/],
  ])('refuses the name %j', async (name, message) => {
    const named = createProject({ directory: at('there'), template: 'plugin', name });
    await expect(named).rejects.toEqual(refused('CREATE_NAME', message));
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a template that there is none of, and options that are none', async () => {
    // @ts-expect-error no template
    const other = createProject({ directory: at('there'), template: 'constructor' });
    await expect(other).rejects.toEqual(
      refused('CREATE_TEMPLATE', /no template constructor; expected one of: talkback, /),
    );
    // @ts-expect-error no option
    await expect(createProject({ directory: at('x'), template: 'plugin', force: true })).rejects.toThrow(
      /option force/,
    );
    // @ts-expect-error no string
    await expect(createProject({ directory: 1, template: 'plugin' })).rejects.toThrow(TypeError);
  });
});
