import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedProject, createPart, createProject, templateNames } from '../src/index.ts';
import { installProject } from './install-project.ts';
import { run } from './npm.ts';
import { startProgram } from './start-program.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
const projects: CreatedProject[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-templates-'));
  // Packages of this repository, for the compiler alone: from tarballs a plugin is tried.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const template of templateNames)
    if (template !== 'plugin') projects.push(await createProject({ directory: join(folder, template), template }));
});
afterAll(() => rm(folder, { recursive: true }));

/** What `npm start` gives to the shell, without the compiler, which has run. */
const startOf = async (project: CreatedProject): Promise<string> =>
  JSON.parse(await textOf(project, 'package.json')).scripts.start.replace('npm run build && ', '');
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
    // What was compiled goes where each has it, and finds what each has installed.
    await rm(join(folder, 'node_modules'));
    for (const { template, directory } of projects) {
      await rename(join(folder, 'dist', template, 'src'), join(directory, 'dist'));
      await installProject(directory, join(folder, 'store'));
    }
    const ofParts = added.map(({ name }) => join('talkback/dist', `${name}.test.js`));
    const tests = projects.map(({ template, files }) => {
      const [test, ...others] = files.filter((file) => file.endsWith('.test.ts'));
      expect(others, template).toEqual([]);
      return join(template, test!.replace(/^src/, 'dist').replace(/ts$/, 'js'));
    });
    const told = await run(process.execPath, ['--test', '--test-reporter=tap', ...tests, ...ofParts], folder);
    // Three of each program in a call, one of the smallest and of each part.
    expect(told).toMatch(new RegExp(`^# pass ${3 * (projects.length - 1) + 1 + added.length}$`, 'm'));
    expect(told).toMatch(/^# fail 0$/m);
  });

  it('start as they say, show themselves, and end at Ctrl-C', { timeout: 120_000 }, async () => {
    const inspector = /^inspector http:\/\/127\.0\.0\.1:\d+\/#t=/m;
    const ofCalls = projects.filter(({ template }) => template !== 'repro');
    for (const project of ofCalls) {
      // The recorder and the agent begin with the call, the bot that plays when somebody is there.
      const shown = project.template === 'audio-bot' ? [] : [inspector];
      const line = await startOf(project);
      const { told, code } = await startProgram(line, project.directory, [/ is in http:/, ...shown], async (env) => {
        if (project.template !== 'talkback') return;
        const top = await run('sluice', ['top', '--json'], project.directory, env);
        expect(JSON.parse(top)).toMatchObject({ ok: true, result: { graphs: [{ name: 'talkback' }] } });
        expect(await run('sluice', ['inspect'], project.directory, env)).toMatch(/^\d+ {2}talkback {2}http:/);
      });
      expect({ code, warned: /SLUICE_\w+/.exec(told)?.[0] }, told).toEqual({ code: 0, warned: undefined });
    }
  });

  it('start, record and replay the smallest program as its README says', { timeout: 60_000 }, async () => {
    const project = projects.find(({ template }) => template === 'repro')!;
    const { directory } = project;
    const [recording] = /sluice run .*fault\.sluice --sound/.exec(await textOf(project, 'README.md'))!;
    const lines = [await startOf(project), recording];
    for (const { told, code } of await Promise.all(lines.map((line) => startProgram(line, directory))))
      expect({ told, code }).toEqual({ told: expect.stringMatching(/^repro: 2(?:\.\d+)? s, 3 nodes, 0 /m), code: 0 });
    expect(await startProgram('sluice replay fault.sluice', directory)).toMatchObject({
      told: expect.stringMatching(/^the same\n/m),
      code: 0,
    });
  });

  it('take an example, and are told what runs it', { timeout: 60_000 }, async () => {
    const added = async (template: string) => {
      const { directory } = projects.find((one) => one.template === template)!;
      const sluice = join(directory, 'node_modules/.bin/sluice');
      const { next } = JSON.parse(await run(sluice, ['new', 'example', 'my-tone', '--json'], directory));
      return { directory, next };
    };
    const { directory, next } = await added('repro');
    expect(next).toBe('sluice run src/my-tone.ts');
    expect(await startProgram(next, directory)).toMatchObject({ told: expect.stringMatching(/^my-tone: /m), code: 0 });
    // Where nothing reads TypeScript that has to come first.
    const isRead = 'typescript' in process.features && process.features.typescript;
    const install = isRead ? '' : 'npm install --save-dev ts-node typescript && ';
    expect((await added('talkback')).next).toBe(`${install}${next}`);
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
      const tools = ['@sluice/cli', '@sluice/inspector'];
      expect(Object.keys(devDependencies), project.template).toEqual(expect.arrayContaining(tools));
      const ours = needed.filter((name) => name.startsWith('@sluice/') && !tools.includes(name));
      expect(ours.sort(), project.template).toEqual([...new Set(imported)].sort());
    }
  });
});
