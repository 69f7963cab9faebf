import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedProject, createPart, createProject, templateNames } from '../src/index.ts';
import { run } from './npm.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
const projects: CreatedProject[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-templates-'));
  // Packages of this repository: from tarballs a plugin is tried.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const template of templateNames)
    if (template !== 'plugin') projects.push(await createProject({ directory: join(folder, template), template }));
});
afterAll(() => rm(folder, { recursive: true }));

const textOf = ({ directory }: CreatedProject, file: string) => readFile(join(directory, file), 'utf8');

describe('programs that somebody begins with create-sluice', () => {
  // All at once: the compiler reads the packages they stand on only once.
  it('compile, and hear themselves', { timeout: 120_000 }, async () => {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const config = { extends: './talkback/tsconfig.json', include: ['*/src'] };
    const compilerOptions = { rootDir: '.', outDir: 'dist' };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, compilerOptions }));
    const added = await Promise.all(
      (['node', 'example'] as const).map((part) =>
        createPart({ part, name: `my-${part}`, directory: join(folder, 'talkback/src') }),
      ),
    );
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], folder);
    const ofParts = added.map(({ name }) => join('dist/talkback/src', `${name}.test.js`));
    const tests = projects.map(({ template, files }) => {
      const [test, ...others] = files.filter((file) => file.endsWith('.test.ts'));
      expect(others, template).toEqual([]);
      return join('dist', template, test!.replace(/ts$/, 'js'));
    });
    const told = await run(process.execPath, ['--test', '--test-reporter=tap', ...tests, ...ofParts], folder);
    expect(told).toMatch(new RegExp(`^# pass ${projects.length + added.length}$`, 'm'));
    expect(told).toMatch(/^# fail 0$/m);
  });

  it('have what one needs to go on', () => {
    for (const { files, template } of projects)
      expect(files, template).toEqual(
        expect.arrayContaining(['.gitignore', 'AGENTS.md', 'README.md', 'package.json', 'tsconfig.json']),
      );
  });

  it('need the packages that they import, and no others', async () => {
    for (const project of projects) {
      const sources = project.files.filter((file) => file.endsWith('.ts'));
      const imported = (await Promise.all(sources.map((file) => textOf(project, file))))
        .flatMap((source) => [...source.matchAll(/from '(@sluice\/[\w-]+)/g)])
        .map(([, name]) => name);
      const { dependencies, devDependencies } = JSON.parse(await textOf(project, 'package.json'));
      const needed = Object.keys({ ...dependencies, ...devDependencies });
      const ours = needed.filter((name) => name.startsWith('@sluice/') && name !== '@sluice/cli');
      expect(ours.sort(), project.template).toEqual([...new Set(imported)].sort());
    }
  });
});
